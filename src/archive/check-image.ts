import { createHash } from 'node:crypto';
import { IMAGE_HEADER_SIZE, type ImageHeader } from '../disc/image-header.ts';
import { refuse } from '../disc/refuse.ts';
import type { ReadContext } from './archive.ts';
import type { ImageArchive } from './image-archive.ts';
import { readImage } from './read-image.ts';

/**
 * Whether an image is as long as its header says, and every byte of it the one that was hashed: throws a `VERIFICATION_FAILED` otherwise.
 * What a device has beyond the image does not count. Reads once, from the start to the end.
 */
export async function checkImage(
  image: ImageArchive,
  header: ImageHeader,
  { progress, stop }: ReadContext,
): Promise<void> {
  const { path, size } = image;
  if (size !== undefined && size !== header.size) throw wrongSize(path, size, header.size);
  const hash = createHash('sha256').update(new Uint8Array(IMAGE_HEADER_SIZE));
  let done = IMAGE_HEADER_SIZE;
  const rest = { offset: IMAGE_HEADER_SIZE, length: header.size - IMAGE_HEADER_SIZE };
  const read = await readImage(image, [rest], (part) => {
    stop.throwIfAborted();
    hash.update(part);
    done += part.length;
    progress?.(done, header.size);
  });
  if (read < rest.length) throw wrongSize(path, done, header.size);
  const sha256 = hash.digest('hex');
  if (sha256 !== header.sha256)
    throw refuse(
      `the image was changed: its SHA-256 is ${sha256}, and ${header.sha256} was signed`,
      path,
      'Copy the archive again from where it is intact, and compare by sha256sum what was copied.',
    );
}

function wrongSize(where: string, size: number, expected: number) {
  if (size > expected) {
    const message = `the image is too long: ${size} bytes, and ${expected} were signed`;
    return refuse(message, where, 'Copy the archive again from where it is intact.');
  }
  return refuse(
    `the image is cut off: it has ${size} of ${expected} bytes`,
    where,
    'If it came in parts, have all of them in one folder and name the first. Otherwise copy it again.',
  );
}
