import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ownMark, stateOf } from './process-mark.ts';

/** Of this process so far, so that each has a name of its own. */
let folders = 0;

/** A folder in the cache for the time of some work. Those of killed builds are cleared away. */
export async function inWorkFolder<Value>(cache: string, work: (folder: string) => Promise<Value>): Promise<Value> {
  const parent = join(cache, 'work');
  folders += 1;
  const folder = join(parent, `${folders}.${await ownMark()}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await clearDead(parent);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function clearDead(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if ((await stateOf(name.replace(/^\d+\./, ''))) !== 'dead') continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
}
