/** A file that an image, or a part of it, is written to. */
export interface Piece {
  readonly name: string;
  /** Bytes from the start of the image. */
  readonly start: number;
  /** Bytes. */
  readonly size: number;
}

/** Three digits, so that `cat NAME.*` joins parts in their order. */
const MOST_PIECES = 999;

/**
 * The files that an image of `size` bytes is written to: one, or as many as it takes when none may have more than `split` bytes. Throws a
 * RangeError for more than 999.
 */
export function planPieces(name: string, size: number, split: number | undefined): Piece[] {
  if (split === undefined) return [{ name, start: 0, size }];
  const count = Math.ceil(size / split);
  if (count > MOST_PIECES)
    throw new RangeError(`${size} bytes in parts of ${split} are ${count} parts, and at most ${MOST_PIECES} can be`);
  return Array.from({ length: count }, (_, index) => {
    const start = index * split;
    return { name: `${name}.${String(index + 1).padStart(3, '0')}`, start, size: Math.min(split, size - start) };
  });
}

/** What each piece takes of some bytes that stand at a position of the image. */
export function sharesOf(
  pieces: readonly Piece[],
  bytes: Uint8Array,
  position: number,
): { readonly piece: number; readonly offset: number; readonly bytes: Uint8Array }[] {
  return pieces.flatMap(({ start, size }, piece) => {
    const from = Math.max(start, position);
    const to = Math.min(start + size, position + bytes.length);
    return from < to ? [{ piece, offset: from - start, bytes: bytes.subarray(from - position, to - position) }] : [];
  });
}

export const PART_SUMS = 'SHA256SUMS';

/** What `sha256sum -c` takes, for the parts beside it. */
export function partSums(pieces: readonly Piece[], sums: readonly string[]): string {
  return pieces.map(({ name }, index) => `${sums[index]}  ${name}\n`).join('');
}
