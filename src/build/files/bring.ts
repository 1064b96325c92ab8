import { copyFile } from 'node:fs/promises';
import type { StoredSource } from '../../disc/disc-file.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import { download } from './download.ts';
import { isOfOurDisk, unusableDisk } from './failures.ts';
import { contentOf } from './file-cache.ts';
import { expectPinned } from './pin.ts';
import { LARGEST_FILE, type Means, type WantedFile } from './wanted-file.ts';

/** The file in the cache: as it is there already, copied from a mirror's directory, or downloaded. */
export async function bring(wanted: WantedFile, means: Means): Promise<StoredSource> {
  const { url, source, pin } = wanted;
  const kept = pin === undefined ? undefined : await means.cache.find(pin.sha256);
  const stored =
    kept ??
    (source.kind === 'file' ? await copy(source.path, wanted, means) : await download(source.url, wanted, means));
  expectPinned(pin, stored, url);
  means.told(stored.size);
  return stored;
}

async function copy(path: string, { url, pin }: WantedFile, { cache, brought }: Means): Promise<StoredSource> {
  const found = await contentOf(path, LARGEST_FILE).catch((cause) => {
    throw new MetalK8sError('RELEASE_INVALID', `The mirror of ${url} cannot be read`, {
      where: path,
      hint: 'Put the file there, or mend the path in the file of --mirrors.',
      cause,
    });
  });
  expectPinned(pin, found, path);
  const kept = await cache.find(found.sha256);
  if (kept !== undefined) return kept;
  const partial = await cache.claim(`${path} ${found.sha256}`);
  try {
    await copyFile(path, partial);
    const copied = await contentOf(partial);
    expectPinned({ ...found, by: 'what it was a moment ago' }, copied, path);
    brought?.();
    return await cache.keep(partial, copied);
  } catch (error) {
    throw isOfOurDisk(error) ? unusableDisk(error, partial) : error;
  } finally {
    await cache.discard(partial);
  }
}
