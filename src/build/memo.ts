import { createHash } from 'node:crypto';
import { mkdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** Work whose result depends on its inputs alone. */
export interface MemoWork {
  /** What kind of result it is: the folder of the cache that holds it. */
  readonly kind: string;
  /** Plain JSON data: everything that the result depends on, versions of tools included. */
  readonly inputs: unknown;
  /** Fills an empty directory. When it throws, nothing is kept. */
  make(directory: string): Promise<void>;
}

/** The directory with the result of some work: that of an earlier build when its inputs were the same. Killed at any time, it leaves no half result. */
export async function memo(cache: string, { kind, inputs, make }: MemoWork): Promise<string> {
  const digest = createHash('sha256')
    .update(JSON.stringify([kind, inputs]))
    .digest('hex');
  const directory = join(cache, kind, digest);
  if (await exists(directory)) return marked(directory);
  const partial = `${directory}.partial-${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  try {
    await make(partial);
    await rename(partial, directory);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (await exists(directory)) return marked(directory);
    throw error;
  }
  return marked(directory);
}

/** Tells when it was last used, for whoever clears the cache. */
async function marked(directory: string): Promise<string> {
  const now = new Date();
  await utimes(directory, now, now);
  return directory;
}

async function exists(directory: string): Promise<boolean> {
  return (await stat(directory).catch(() => undefined))?.isDirectory() ?? false;
}
