import { IMAGE_HEADER_SIZE, type ImageHeader, parseImageHeader } from '../disc/image-header.ts';
import { type ImageSource, readImage } from './read-image.ts';

/** What the header of an image says; nobody has verified it. Throws a `VERIFICATION_FAILED` where there is none, or it cannot be read. */
export async function readHeader(image: ImageSource): Promise<ImageHeader> {
  const parts: Buffer[] = [];
  await readImage(image, [{ offset: 0, length: IMAGE_HEADER_SIZE }], (part) => void parts.push(Buffer.from(part)));
  return parseImageHeader(Buffer.concat(parts), image.path);
}
