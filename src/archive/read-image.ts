import type { Extent } from '../disc/iso/iso-image.ts';
import type { ImageFile } from './joined-file.ts';
import { ReadFailure, readParts } from './read-parts.ts';
import { unreadable } from './refusal.ts';

/** What an image is read from, and what it is called when that fails. */
export interface ImageSource {
  readonly path: string;
  readonly file: Pick<ImageFile, 'read'>;
}

/**
 * Reads extents of an image as `readParts` does. Throws a `VERIFICATION_FAILED` that names the image, and the file in it where `name` is
 * given, when the system cannot read it.
 */
export async function readImage(
  { path, file }: ImageSource,
  extents: Iterable<Extent>,
  consume: (part: Uint8Array) => void | Promise<void>,
  name = '',
): Promise<number> {
  return readParts(file, extents, consume).catch((cause: unknown) => {
    throw cause instanceof ReadFailure ? unreadable(path, name, cause.message, cause.cause) : cause;
  });
}
