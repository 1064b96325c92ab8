import type { IsoEntry, IsoImage, ReadAt } from '../disc/iso/iso-image.ts';
import { readIsoImage } from '../disc/iso/read-iso-image.ts';
import type { Archive } from './archive.ts';
import type { ImageFile } from './joined-file.ts';
import { type ImageSource, readImage } from './read-image.ts';
import { unreadable } from './refusal.ts';

/** An ISO file or a device that holds one. */
export interface ImageArchive extends Archive {
  readonly kind: 'image';
  readonly file: ImageFile;
  /** Bytes of the file; undefined for a device, which has more than the image. */
  readonly size: number | undefined;
  /** Reads the tree, once. `size` is that of the image: of a device, what its header says. */
  tree(size?: number): Promise<IsoImage>;
}

/** An archive from an open file, which it closes in the end. */
export function imageArchive(path: string, file: ImageFile, size: number | undefined): ImageArchive {
  let image: Promise<IsoImage> | undefined;
  let byPath: ReadonlyMap<string, IsoEntry> | undefined;
  const tree = (known?: number) => {
    image ??= readIsoImage(readerOf({ path, file }), known ?? size ?? Number.MAX_SAFE_INTEGER, path);
    return image;
  };

  async function entryOf(name: string): Promise<IsoEntry> {
    byPath ??= new Map((await tree()).entries.map((entry) => [entry.path, entry]));
    const entry = byPath.get(name);
    if (entry?.type !== 'file') throw unreadable(path, name, entry === undefined ? 'missing' : 'no file');
    return entry;
  }

  return {
    kind: 'image',
    path,
    file,
    size,
    tree,
    list: async () => (await tree()).entries,
    async stream(name, consume) {
      const { extents, size: expected } = await entryOf(name);
      const done = await readImage({ path, file }, extents, consume, name);
      if (done !== expected) throw unreadable(path, name, `it ends after ${done} of ${expected} bytes`);
    },
    close: () => file.close(),
  };
}

function readerOf(image: ImageSource): ReadAt {
  return async (offset, length) => {
    const parts: Buffer[] = [];
    const done = await readImage(image, [{ offset, length }], (part) => void parts.push(Buffer.from(part)));
    if (done !== length) throw unreadable(image.path, '', `it ends before byte ${offset + length}`);
    return Buffer.concat(parts);
  };
}
