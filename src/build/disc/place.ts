import { link, lstat, open, rename, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { alreadyThere } from './failures.ts';

/** File systems without second names of files, as FAT. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Gives a whole file its name, at once. Without `force` it never takes the place of another, even of one that came meanwhile; only where the
 * file system has no links is there a moment between looking and renaming. Throws a `USAGE` for one that is there.
 */
export async function placeFile(
  temporary: string,
  path: string,
  { force }: { readonly force: boolean },
): Promise<void> {
  if (force) await rename(temporary, path);
  else await placeNew(temporary, path);
  await syncDirectory(dirname(path));
}

async function placeNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (hasCode(error, new Set(['EEXIST']))) throw alreadyThere(path);
    if (!hasCode(error, NO_LINKS)) throw error;
    if (await isThere(path)) throw alreadyThere(path);
    return rename(temporary, path);
  }
  await unlink(temporary);
}

/**
 * Gives a whole directory its name. With `force` an old one is first renamed to `aside`, from where the next run puts it back when this one is
 * killed before the new one stands there: two directories cannot change places at once.
 */
export async function placeDirectory(
  temporary: string,
  path: string,
  { force, aside }: { readonly force: boolean; readonly aside: string },
): Promise<void> {
  const replaces = await isThere(path);
  if (replaces && !force) throw alreadyThere(path);
  if (replaces) await rename(path, aside);
  try {
    await rename(temporary, path);
  } catch (error) {
    if (replaces) await rename(aside, path);
    throw hasCode(error, new Set(['EEXIST', 'ENOTEMPTY'])) ? alreadyThere(path) : error;
  }
  await syncDirectory(dirname(path));
  if (replaces) await rm(aside, { recursive: true, force: true });
}

/** Until then a power cut can undo what was renamed or made in it. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

function hasCode(error: unknown, codes: ReadonlySet<string>): boolean {
  return error instanceof Error && 'code' in error && codes.has(String(error.code));
}
