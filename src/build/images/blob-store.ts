import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { sha256Of } from '../../disc/sha256-of.ts';
import { synchronise } from '../../hosts/synchronise.ts';
import type { Digest } from '../../registry/catalogue.ts';

/** Blobs of images by their digest, in files that only whole and checked content ever gets the name of. */
export interface BlobStore {
  /** The file of a blob, whether it is there or not. */
  path(digest: Digest): string;
  /** Bytes of a blob; undefined for one that is not there. */
  size(digest: Digest): Promise<number | undefined>;
  /** A small blob, its digest checked again; undefined for one that is not there or has changed, which is then dropped. */
  read(digest: Digest): Promise<Buffer | undefined>;
  /** Takes a file of the same file system over, if it is what the digest says; otherwise leaves it and answers false. */
  adopt(file: string, digest: Digest): Promise<boolean>;
  /** Whether a blob is there and still what its digest says; one that is not is dropped. Reads all of it. */
  verify(digest: Digest): Promise<boolean>;
}

export const DIGEST_PREFIX = 'sha256:';

/** The 64 hexadecimal digits of a digest: the name of its blob. */
export function hexOf(digest: Digest): string {
  return digest.slice(DIGEST_PREFIX.length);
}

export function digestOf(content: Uint8Array): Digest {
  return `${DIGEST_PREFIX}${sha256Of(content)}`;
}

/** The blobs of a cache, at `blobs/sha256/<64 hexadecimal digits>` with mode 0444. */
export async function openBlobStore(cache: string): Promise<BlobStore> {
  const directory = join(cache, 'blobs/sha256');
  await mkdir(directory, { recursive: true });
  const path = (digest: Digest) => join(directory, hexOf(digest));
  const drop = (digest: Digest) => rm(path(digest), { force: true });
  return {
    path,
    async size(digest) {
      const found = await stat(path(digest)).catch(unlessMissing);
      return found?.isFile() ? found.size : undefined;
    },
    async read(digest) {
      const content = await readFile(path(digest)).catch(unlessMissing);
      if (content === undefined || digestOf(content) === digest) return content;
      await drop(digest);
      return undefined;
    },
    async adopt(file, digest) {
      if ((await digestOfFile(file)) !== digest) return false;
      await chmod(file, 0o444);
      // A name must not outlive a power cut that its content does not.
      await synchronise(file);
      await rename(file, path(digest));
      return true;
    },
    async verify(digest) {
      const found = await digestOfFile(path(digest)).catch(unlessMissing);
      if (found !== undefined && found !== digest) await drop(digest);
      return found === digest;
    },
  };
}

async function digestOfFile(file: string): Promise<Digest> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), hash);
  return `${DIGEST_PREFIX}${hash.digest('hex')}`;
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
