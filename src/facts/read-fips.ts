/** Reads /proc/sys/crypto/fips_enabled; a kernel without that file has no FIPS mode. */
export function readFips(text: string | null): boolean {
  return text?.trim() === '1';
}
