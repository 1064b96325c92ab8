import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { treeFaults } from '../disc/tree-faults.ts';
import { synchronise } from '../hosts/synchronise.ts';
import type { ReadContext } from './archive.ts';
import { checkContents } from './check-contents.ts';
import type { ImageArchive } from './image-archive.ts';
import { inputError } from './input-error.ts';
import { listOfSums } from './list-of-sums.ts';
import { openArchive } from './open-archive.ts';
import { readHeader } from './read-header.ts';
import { readImage } from './read-image.ts';
import { ArchiveRefused, unreadable } from './refusal.ts';
import { unwritable } from './unwritable.ts';

const MODE = 0o444;

/**
 * Copies an image that was verified, be it a file, its parts or a device, to one file in a folder that is there, and has it there whole or
 * not at all: killed, it leaves a file of another name that the next call replaces. The copy is read again and every file in it compared with
 * the list that `sumsSha256` is the sum of, since nobody knows what has happened to the medium in the meantime: throws a
 * `VERIFICATION_FAILED` for one that differs. Throws a `STEP_FAILED` where it cannot write.
 */
export async function copyImage(
  archive: ImageArchive,
  target: string,
  sumsSha256: string,
  context: ReadContext,
): Promise<void> {
  const partial = `${target}.partial`;
  const { size } = await readHeader(archive);
  const half = (part: 0 | 1) => (done: number, total: number) =>
    context.progress?.(part * size + Math.round((done / Math.max(1, total)) * size), 2 * size);
  try {
    await rm(partial, { force: true });
    await write(archive, partial, size, { stop: context.stop, progress: half(0) });
    await check(partial, sumsSha256, { stop: context.stop, progress: half(1) });
    await rename(partial, target);
    await synchronise(dirname(target));
  } catch (error) {
    await rm(partial, { force: true });
    throw inputError(error) ? unwritable(target, error) : error;
  }
}

async function write(archive: ImageArchive, partial: string, size: number, context: ReadContext): Promise<void> {
  const output = await open(partial, 'wx', MODE);
  try {
    let done = 0;
    const read = await readImage(archive, [{ offset: 0, length: size }], async (part) => {
      context.stop.throwIfAborted();
      await output.writeFile(part);
      done += part.length;
      context.progress?.(done, size);
    });
    if (read < size) throw unreadable(archive.path, '', `it ends after ${read} of ${size} bytes`);
    await output.chmod(MODE);
    await output.sync();
  } finally {
    await output.close();
  }
}

async function check(partial: string, sumsSha256: string, context: ReadContext): Promise<void> {
  const copy = await openArchive(partial);
  try {
    const sums = await listOfSums(copy, sumsSha256);
    const entries = await copy.list();
    const faults = [...treeFaults(entries, sums), ...(await checkContents(copy, sums, entries, context))];
    if (faults.length === 0) return;
    throw new ArchiveRefused('The copy of the archive is not what was verified:', faults, {
      where: partial,
      hint: 'Copy the archive again from where it is intact, verify it, and run again.',
    });
  } finally {
    await copy.close();
  }
}
