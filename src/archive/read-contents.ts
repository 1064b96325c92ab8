import { foldersOf } from '../disc/disc-path.ts';
import { parseArchiveDescription } from '../disc/parse-archive-description.ts';
import { discPaths } from '../disc/paths.ts';
import { refuse } from '../disc/refuse.ts';
import { sha256Of } from '../disc/sha256-of.ts';
import type { ArchiveContents } from '../disc/summarise-archive.ts';
import { parseSums } from '../disc/sums.ts';
import type { Digest } from '../registry/catalogue.ts';
import { type Archive, readFile } from './archive.ts';
import { limits } from './limits.ts';

/**
 * What an archive is and has, without a look at contents that tell nothing about it. Nothing is verified but what cannot be shown otherwise.
 * Throws a `VERIFICATION_FAILED` for what is no archive of ours.
 */
export async function readContents(archive: Archive, stop: AbortSignal): Promise<ArchiveContents> {
  const where = (path: string) => `${archive.path}: ${path}`;
  const text = await readFile(archive, discPaths.release, limits.text);
  const description = parseArchiveDescription(text.toString(), where(discPaths.release));
  const sums = await readFile(archive, discPaths.sums, limits.sums);
  const paths = parseSums(sums.toString('latin1'), where(discPaths.sums)).map(({ path }) => path);
  const entries = await archive.list(foldersOf(paths));
  const present = new Set(entries.map(({ path }) => path));
  const documents = new Map<Digest, unknown>();
  for (const { digest, size } of description.catalogue.repositories.flatMap(({ manifests }) => manifests)) {
    stop.throwIfAborted();
    const path = `${discPaths.blobs}/${digest.slice('sha256:'.length)}`;
    if (documents.has(digest) || !present.has(path)) continue;
    documents.set(digest, documentOf(await readFile(archive, path, size), digest, where(path)));
  }
  return { description, entries, documents };
}

function documentOf(content: Uint8Array, digest: Digest, where: string): unknown {
  if (`sha256:${sha256Of(content)}` !== digest) {
    throw refuse('a manifest is not what its digest says', where, 'Copy the archive again from where it is intact.');
  }
  try {
    return JSON.parse(new TextDecoder().decode(content));
  } catch {
    throw refuse('a manifest is no JSON', where);
  }
}
