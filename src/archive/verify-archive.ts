import type { FolderArchive } from './folder-archive.ts';
import type { ImageArchive } from './image-archive.ts';
import type { VerifiedArchive, VerifyOptions } from './verified-archive.ts';
import { verifyFolder } from './verify-folder.ts';
import { verifyImage } from './verify-image.ts';

/**
 * Verifies an archive as a whole before anything in it is used or executed. Throws a `VERIFICATION_FAILED` for whatever is not as somebody
 * trusted has signed it, for a release older than is wanted, and for an archive that is intact but not signed; a `USAGE` when no key is
 * trusted.
 */
export async function verifyArchive(
  archive: ImageArchive | FolderArchive,
  options: VerifyOptions,
): Promise<VerifiedArchive> {
  return archive.kind === 'image' ? verifyImage(archive, options) : verifyFolder(archive, options);
}
