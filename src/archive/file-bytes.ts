import type { Archive } from './archive.ts';

/** Bytes of all files of an archive together, those that an image holds once for several names counted for each. */
export async function fileBytesOf(archive: Archive): Promise<number> {
  return (await archive.list()).reduce((sum, { type, size }) => sum + (type === 'file' ? size : 0), 0);
}
