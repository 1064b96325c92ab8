import { rename, rm, writeFile } from 'node:fs/promises';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { Lock } from '../release/lock.ts';
import { renderLock } from '../release/render-lock.ts';

/** Writes a lock, all of it or nothing. Throws a `STEP_FAILED` where it cannot be written. */
export async function writeLock(file: string, lock: Lock): Promise<void> {
  const partial = `${file}.partial-${process.pid}`;
  try {
    await writeFile(partial, renderLock(lock));
    await rename(partial, file);
  } catch (cause) {
    await rm(partial, { force: true });
    throw new MetalK8sError('STEP_FAILED', 'the lock cannot be written', {
      where: file,
      hint: 'Name a file in a directory that this user may write to, with --lock.',
      cause,
    });
  }
}
