import { closeSync, constants, lstatSync, openSync, renameSync, rmSync, type Stats } from 'node:fs';

export interface Rotation {
  readonly path: string;
  /** The file that is too long. Another process may have moved it away meanwhile. */
  readonly full: Stats;
  readonly keep: number;
}

/** A rotation takes a millisecond; who holds the lock for longer than this has died. */
const LOCK_EXPIRES_MS = 10_000;

/**
 * Moves `path` to `path.1`, `path.1` to `path.2` and so on; the oldest goes. One process at a time: returns false when another is at it, so
 * that the caller goes on with the file it has.
 */
export function rotate({ path, full, keep }: Rotation): boolean {
  const lock = `${path}.lock`;
  if (!takeLock(lock)) return false;
  try {
    if (lstatSync(path, { throwIfNoEntry: false })?.ino !== full.ino) return true;
    for (let number = keep - 1; number >= 1; number -= 1) renameIfThere(`${path}.${number}`, `${path}.${number + 1}`);
    renameIfThere(path, `${path}.1`);
    return true;
  } finally {
    rmSync(lock, { force: true });
  }
}

function takeLock(lock: string): boolean {
  try {
    closeSync(openSync(lock, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const held = lstatSync(lock, { throwIfNoEntry: false });
    if (held !== undefined && Date.now() - held.mtimeMs > LOCK_EXPIRES_MS) rmSync(lock, { force: true });
    return false;
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
