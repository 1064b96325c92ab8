import { chmod, chown, open, realpath, rename, rm, stat } from 'node:fs/promises';

/**
 * Replaces the text of a file at once: whoever reads it sees the old text or the new. Keeps mode and owner, and follows symbolic links.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const target = await realpath(path);
  const { mode, uid, gid } = await stat(target);
  const temporary = `${target}.${process.pid}.new`;
  try {
    await writeDurably(temporary, text);
    await chown(temporary, uid, gid);
    await chmod(temporary, mode & 0o7777);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Opened anew and for the owner only, so that nobody reads or swaps it while it is written. */
async function writeDurably(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
