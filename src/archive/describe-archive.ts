import { parseArchiveDescription } from '../disc/parse-archive-description.ts';
import { discPaths } from '../disc/paths.ts';
import { refuse } from '../disc/refuse.ts';
import { sha256Of } from '../disc/sha256-of.ts';
import { renderSums } from '../disc/sums.ts';
import { archivePlace } from './archive-place.ts';
import { fileBytesOf } from './file-bytes.ts';
import { limits } from './limits.ts';
import { openArchive } from './open-archive.ts';
import { readSigned } from './read-signed.ts';
import { readSignedList } from './signed-list.ts';
import type { TakenArchive } from './take-archive.ts';
import { loadTrustedKeys, type Trust } from './trusted-keys.ts';

/** An archive as its description has it, which somebody trusted has signed. Nothing else in it was looked at. */
export type DescribedArchive = Pick<
  TakenArchive,
  'description' | 'sumsSha256' | 'signer' | 'path' | 'kind' | 'stays' | 'bytes' | 'fileBytes'
>;

/**
 * Reads what an archive is: the signature of its list of files and the one file that says so. Enough to judge a host by, within a second; not
 * to install anything. Throws as `loadTrustedKeys` and `openArchive` do, and a `VERIFICATION_FAILED` for a description that is not signed.
 */
export async function describeArchive(
  given: string,
  { now, ...trust }: Trust & { readonly now: Date },
): Promise<DescribedArchive> {
  const { path, stays } = await archivePlace(given);
  const keys = await loadTrustedKeys(given, trust);
  const archive = await openArchive(path);
  try {
    const { sums, signer } = await readSignedList(archive, await isSigned(archive), { keys, now });
    const where = `${path}: ${discPaths.release}`;
    if (signer === undefined) throw refuse('nobody has signed the archive', path, 'Get one that is signed.');
    const text = await readSigned(archive, sums, discPaths.release, limits.text);
    if (text === undefined) throw refuse('it is not among the signed files', where);
    const fileBytes = await fileBytesOf(archive, sums);
    const bytes = archive.kind === 'image' ? (archive.size ?? fileBytes) : fileBytes;
    return {
      description: parseArchiveDescription(text, where),
      sumsSha256: sha256Of(renderSums(sums)),
      signer,
      path,
      kind: archive.kind,
      stays,
      bytes,
      fileBytes,
    };
  } finally {
    await archive.close();
  }
}

async function isSigned(archive: Awaited<ReturnType<typeof openArchive>>): Promise<boolean> {
  const entries = await archive.list(new Set());
  return entries.some(({ path }) => path === discPaths.sumsSignature);
}
