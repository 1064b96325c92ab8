import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ownMark, stateOf } from '../process-mark.ts';

/** Of this process so far, so that each has a name of its own. */
let claims = 0;

/**
 * Lends a folder of the cache to some work, as an earlier work has left it, under a name that is nobody else's. Where two builds want it at
 * once, one begins with an empty one. What a killed build had is taken over.
 */
export async function withClaimedFolder<Value>(folder: string, work: (own: string) => Promise<Value>): Promise<Value> {
  claims += 1;
  const own = `${folder}.${claims}.${await ownMark()}`;
  await mkdir(dirname(folder), { recursive: true });
  await rm(own, { recursive: true, force: true });
  for (const left of [folder, ...(await ofTheDead(folder))]) {
    if (await renamed(left, own)) break;
  }
  await mkdir(own, { recursive: true });
  try {
    return await work(own);
  } finally {
    // Somebody else's may be there by now: either will do.
    if (!(await renamed(own, folder))) await rm(own, { recursive: true, force: true });
  }
}

async function ofTheDead(folder: string): Promise<string[]> {
  const prefix = `${basename(folder)}.`;
  const claimed = (await readdir(dirname(folder))).filter((name) => name.startsWith(prefix));
  const states = await Promise.all(claimed.map((name) => stateOf(name.slice(prefix.length).replace(/^\d+\./, ''))));
  return claimed.filter((_, index) => states[index] === 'dead').map((name) => join(dirname(folder), name));
}

async function renamed(from: string, to: string): Promise<boolean> {
  return rename(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code ?? '')) return false;
      throw error;
    },
  );
}
