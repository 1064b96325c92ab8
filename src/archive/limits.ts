/** Most bytes that are read of a file of an archive which is held in memory: far more than ours have, and less than would hurt a host. */
export const limits = {
  /** `SHA256SUMS`. */
  sums: 64 * 2 ** 20,
  signature: 64 * 2 ** 10,
  /** `release.json`, and texts that steps need. */
  text: 256 * 2 ** 20,
} as const;
