import { IMAGE_HEADER_SIZE, type ImageHeader, parseImageHeader } from '../disc/image-header.ts';
import type { ImageArchive } from './image-archive.ts';
import { readParts } from './read-parts.ts';

/** What the header of an image says; nobody has verified it. Throws a `VERIFICATION_FAILED` where there is none. */
export async function readHeader({ path, file }: Pick<ImageArchive, 'path' | 'file'>): Promise<ImageHeader> {
  const parts: Buffer[] = [];
  await readParts(file, [{ offset: 0, length: IMAGE_HEADER_SIZE }], (part) => void parts.push(Buffer.from(part)));
  return parseImageHeader(Buffer.concat(parts), path);
}
