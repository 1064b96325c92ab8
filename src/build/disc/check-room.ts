import { statfs } from 'node:fs/promises';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import { sized, sizedUp } from '../../events/words.ts';
import { tooLarge } from './failures.ts';

/** For directory entries, records and what the file system keeps beside contents. */
const SLACK = 2 ** 20;
/** `MSDOS_SUPER_MAGIC` of statfs(2). */
const FAT = 0x4d44;
/** Bytes. */
export const LARGEST_ON_FAT = 2 ** 32 - 1;

/** Throws a `PREFLIGHT_FAILED` where there is no room for so many bytes, in files of at most so many. */
export async function checkRoom(
  directory: string,
  { size, largestFile }: { readonly size: number; readonly largestFile: number },
): Promise<void> {
  const { type, bavail, bsize } = await statfs(directory);
  if (type === FAT && largestFile > LARGEST_ON_FAT) throw tooLarge(directory);
  const free = bavail * bsize;
  if (free >= size + SLACK) return;
  throw new MetalK8sError('PREFLIGHT_FAILED', `the disc needs ${sizedUp(size + SLACK)}, and ${sized(free)} are free`, {
    where: directory,
    hint: 'Make room, or write to another place by --output. With --force the old disc stays until the new one is whole.',
  });
}
