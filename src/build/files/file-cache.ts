import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredSource } from '../../disc/disc-file.ts';
import { sha256Of } from '../../disc/sha256-of.ts';
import { ownMark, stateOf } from '../process-mark.ts';

/** Files by what they hold, below `files/` of the cache. Several builds may use it at once, and any of them be killed. */
export interface FileCache {
  /** The file with this content, read again to be sure of it; a damaged one is removed. */
  find(sha256: string): Promise<StoredSource | undefined>;
  /** Takes a finished file over. */
  keep(path: string, content: Pick<StoredSource, 'sha256' | 'size'>): Promise<StoredSource>;
  /** What an address gave the last time. */
  remembered(url: string): Promise<Remembered | undefined>;
  remember(url: string, what: Remembered): Promise<void>;
  /**
   * A path for a download, which is nobody else's as long as this process lives. It holds what an earlier build, or an earlier try,
   * has got so far.
   */
  claim(key: string): Promise<string>;
  /** Leaves what has been got for a later build. */
  unclaim(path: string): Promise<void>;
  /** Throws away what has been got. */
  discard(path: string): Promise<void>;
}

export interface Remembered {
  /** A strong one, with its quotes. */
  readonly etag: string;
  readonly sha256: string;
}

export async function openFileCache(cache: string): Promise<FileCache> {
  const contents = join(cache, 'files/sha256');
  const addresses = join(cache, 'files/urls');
  const partials = join(cache, 'files/partial');
  for (const directory of [contents, addresses, partials]) await mkdir(directory, { recursive: true });
  const mark = await ownMark();
  const recordOf = (url: string) => join(addresses, `${sha256Of(url)}.json`);

  return {
    async find(sha256) {
      const file = join(contents, sha256);
      const found = await contentOf(file).catch(absent);
      if (found === undefined || found.sha256 === sha256) return found && { file, ...found };
      await rm(file, { force: true });
      return undefined;
    },
    async keep(path, { sha256, size }) {
      const file = join(contents, sha256);
      await rename(path, file);
      return { file, sha256, size };
    },
    async remembered(url) {
      const text = await readFile(recordOf(url), 'utf8').catch(absent);
      return text === undefined ? undefined : readRecord(text);
    },
    async remember(url, { etag, sha256 }) {
      const partial = `${recordOf(url)}.${mark}`;
      await writeFile(partial, JSON.stringify({ url, etag, sha256 }));
      await rename(partial, recordOf(url));
    },
    async claim(key) {
      const name = sha256Of(key);
      const own = join(partials, `${name}.${mark}`);
      for (const file of await readdir(partials)) {
        const [of, owner] = file.split('.');
        if (of !== name || (owner !== undefined && (await stateOf(owner)) !== 'dead')) continue;
        if (await rename(join(partials, file), own).then(() => true, absent)) break;
      }
      return own;
    },
    async unclaim(path) {
      await rename(path, path.slice(0, -mark.length - 1)).catch(absent);
    },
    async discard(path) {
      await rm(path, { force: true });
    },
  };
}

/** Size and checksum of a file that can be read. Throws for one that is no regular file or has more bytes than `limit`. */
export async function contentOf(file: string, limit = Infinity): Promise<{ sha256: string; size: number }> {
  const found = await stat(file);
  if (!found.isFile()) throw new Error(`${file} is no file`);
  const hash = createHash('sha256');
  let size = 0;
  for await (const part of createReadStream(file)) {
    size += part.length;
    if (size > limit) throw new Error(`${file} has more than ${limit} bytes`);
    hash.update(part);
  }
  return { sha256: hash.digest('hex'), size };
}

function readRecord(text: string): Remembered | undefined {
  try {
    const { etag, sha256 } = JSON.parse(text);
    return typeof etag === 'string' && /^"[\x21\x23-\x7e]*"$/.test(etag) && /^[0-9a-f]{64}$/.test(sha256)
      ? { etag, sha256 }
      : undefined;
  } catch {
    return undefined;
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
