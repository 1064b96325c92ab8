import { refuse } from '../disc/refuse.ts';
import { sha256Of } from '../disc/sha256-of.ts';
import type { Sum } from '../disc/sums.ts';
import { type Archive, readFile } from './archive.ts';

/**
 * A text of a verified archive, which is read again, so it is compared again: undefined when the archive has no such file. Throws a
 * `VERIFICATION_FAILED` for one that is no longer what was signed, or has more bytes than `limit`.
 */
export async function readSigned(
  archive: Archive,
  sums: readonly Sum[],
  path: string,
  limit: number,
): Promise<string | undefined> {
  const signed = sums.find((sum) => sum.path === path);
  if (signed === undefined) return undefined;
  const content = await readFile(archive, path, limit);
  if (sha256Of(content) === signed.sha256) return content.toString();
  throw refuse(
    'the file is no longer what was verified',
    `${archive.path}: ${path}`,
    'Copy the archive again from where it is intact, to a place that only you may write to, and run again.',
  );
}
