import { mkdir, rename, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256Of } from '../disc/sha256-of.ts';
import { inWorkFolder } from './work-folder.ts';

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
  const digest = sha256Of(JSON.stringify([kind, inputs]));
  const directory = join(cache, kind, digest);
  if (await exists(directory)) return marked(directory);
  await inWorkFolder(cache, async (folder) => {
    const made = join(folder, kind);
    await mkdir(made);
    await make(made);
    await mkdir(dirname(directory), { recursive: true });
    await rename(made, directory).catch(async (error) => {
      // Another build was first, with the same result.
      if (!(await exists(directory))) throw error;
    });
  });
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
