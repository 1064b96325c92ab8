import { mkdir, mkdtemp, readdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownMark, stateOf } from '../process-mark.ts';
import { type BlobStore, DIGEST_PREFIX, digestOf } from './blob-store.ts';

/** Where this process keeps what is not a whole blob yet. */
export interface Staging {
  /** An empty directory. */
  directory(): Promise<string>;
  /** Puts a small blob into the store. */
  keep(content: Uint8Array): Promise<void>;
  /** Drops all of them. */
  close(): Promise<void>;
}

const FOLDER = 'staging';
const DAY_MS = 24 * 60 * 60 * 1000;

/** Below a directory of the staging area: where finished blobs stand by their digits. */
export const FINISHED = 'blobs/sha256';

/**
 * Opens the staging area of a cache, on the file system of its blobs. What dead processes left is cleared: their finished blobs, if they are
 * what their names say, go into the store first.
 */
export async function openStaging(cache: string, store: BlobStore): Promise<Staging> {
  const root = join(cache, FOLDER);
  await mkdir(root, { recursive: true });
  for (const mark of await readdir(root)) {
    if (await isAbandoned(join(root, mark), mark)) await clear(join(root, mark), store);
  }
  const own = join(root, await ownMark());
  const made: string[] = [];
  const directory = async () => {
    await mkdir(own, { recursive: true });
    const path = await mkdtemp(join(own, 'fetch-'));
    made.push(path);
    return path;
  };
  return {
    directory,
    async keep(content) {
      const file = join(await directory(), 'blob');
      await writeFile(file, content);
      await store.adopt(file, digestOf(content));
    },
    async close() {
      for (const path of made) await removeTree(path);
      // Another fetch of this process may still be at work.
      await rmdir(own).catch(() => {});
    },
  };
}

async function isAbandoned(directory: string, mark: string): Promise<boolean> {
  const state = await stateOf(mark);
  if (state !== 'unknown') return state === 'dead';
  const found = await stat(directory).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > DAY_MS;
}

async function clear(directory: string, store: BlobStore): Promise<void> {
  for (const job of await readdir(directory).catch(() => [])) {
    const finished = join(directory, job, FINISHED);
    for (const name of await readdir(finished).catch(() => [])) {
      if (!/^[0-9a-f]{64}$/.test(name)) continue;
      const digest = `${DIGEST_PREFIX}${name}`;
      // Another process may be clearing the same.
      if ((await store.size(digest)) === undefined) await store.adopt(join(finished, name), digest).catch(() => false);
    }
  }
  await removeTree(directory);
}

/** Somebody who outlived the owner may still write into it. */
function removeTree(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}
