import { join } from 'node:path';
import type { DiscFile } from '../../disc/disc-file.ts';
import { discPaths } from '../../disc/paths.ts';
import type { Catalogue } from '../../registry/catalogue.ts';
import { LAYOUT_MARK, layoutIndex } from '../../registry/layout-index.ts';
import { readImageLayout } from '../../registry/read-image-layout.ts';
import { hexOf } from './blob-store.ts';
import type { FetchedImages } from './fetch-images.ts';

/** The image layout of the disc: its two documents, and each blob once, as it stands in the store of the cache. Sorted by path. */
export function layoutFiles({ images, blobs }: FetchedImages, cache: string): DiscFile[] {
  const stored = [...blobs].map(([digest, size]): DiscFile => {
    const sha256 = hexOf(digest);
    return {
      path: `${discPaths.blobs}/${sha256}`,
      source: { file: join(cache, 'blobs/sha256', sha256), sha256, size },
    };
  });
  return [
    ...stored,
    { path: `${discPaths.images}/index.json`, source: { content: layoutIndex(images) } },
    { path: `${discPaths.images}/oci-layout`, source: { content: LAYOUT_MARK } },
  ].sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** What the registry serves of these images. Throws a `RELEASE_INVALID` for what it cannot serve. */
export function catalogueOf({ images, blobs, documents }: FetchedImages): Catalogue {
  const index: unknown = JSON.parse(new TextDecoder().decode(layoutIndex(images)));
  return readImageLayout({ index, documents, sizes: blobs, where: discPaths.images });
}
