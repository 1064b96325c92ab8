import type { FoundKey } from './find-signing-key.ts';

/**
 * When a disc that names no date of its own is signed, in seconds since 1970: at the earliest when the key and what it says of itself were
 * there, as nobody takes signatures of before. The same for each build with that key. `earliest` is in seconds as well.
 */
export function signingDate({ block: { primary, subkeys }, vouched }: Omit<FoundKey, 'named'>, earliest: number) {
  return Math.max(earliest, ...[primary, ...subkeys, ...vouched].map(({ created }) => created));
}
