import { parseArchiveDescription } from '../disc/parse-archive-description.ts';
import { discPaths } from '../disc/paths.ts';
import { refuse } from '../disc/refuse.ts';
import { sha256Of } from '../disc/sha256-of.ts';
import { renderSums, type Sum } from '../disc/sums.ts';
import type { ArchiveDescription } from '../release/archive-description.ts';
import { archivePlace } from './archive-place.ts';
import type { Signer } from './check-signature.ts';
import { fileBytesOf } from './file-bytes.ts';
import { limits } from './limits.ts';
import { openArchive } from './open-archive.ts';
import { readSigned } from './read-signed.ts';
import { loadTrustedKeys, type Trust } from './trusted-keys.ts';
import type { VerifyOptions } from './verified-archive.ts';
import { verifyArchive } from './verify-archive.ts';

/** An archive of which every byte was verified, with what whoever installs from it has to know. */
export interface TakenArchive {
  readonly description: ArchiveDescription;
  readonly sums: readonly Sum[];
  /** Of `SHA256SUMS`, 64 hexadecimal digits. */
  readonly sumsSha256: string;
  /** Absolute: where it is read from, see `archivePlace`. */
  readonly path: string;
  readonly kind: 'image' | 'folder';
  /** Whether it can stay there. */
  readonly stays: boolean;
  readonly signer: Signer;
  /** Bytes of the image, or of all files. */
  readonly bytes: number;
  /** Bytes of all files, equal ones once: what they take when they are extracted. */
  readonly fileBytes: number;
  /** Those of the wanted texts that it has. */
  readonly texts: Readonly<Record<string, string>>;
}

export interface TakeOptions extends Omit<VerifyOptions, 'keys'>, Trust {
  /** Paths of texts that are wanted, below the root of the disc. */
  readonly wanted: readonly string[];
}

/**
 * Finds, opens and verifies an archive, and reads what it is; of what was not verified nothing is used. Throws as `verifyArchive`,
 * `loadTrustedKeys` and `openArchive` do.
 */
export async function takeArchive(given: string, options: TakeOptions): Promise<TakenArchive> {
  const { trusted, trustDirectory, origin, wanted, ...verifying } = options;
  const { path, stays } = await archivePlace(given);
  const keys = await loadTrustedKeys(given, { trusted, trustDirectory, origin });
  const archive = await openArchive(path);
  try {
    const { sums, signer, bytes } = await verifyArchive(archive, { ...verifying, keys });
    const read = (name: string) => readSigned(archive, sums, name, limits.text);
    const where = `${path}: ${discPaths.release}`;
    const text = await read(discPaths.release);
    if (text === undefined) throw refuse('it is not among the signed files', where);
    const texts = await Promise.all(wanted.map(async (name) => [name, await read(name)] as const));
    return {
      description: parseArchiveDescription(text, where),
      sums,
      sumsSha256: sha256Of(renderSums(sums)),
      path,
      kind: archive.kind,
      stays,
      signer,
      bytes,
      fileBytes: await fileBytesOf(archive, sums),
      texts: Object.fromEntries(texts.flatMap(([name, content]) => (content === undefined ? [] : [[name, content]]))),
    };
  } finally {
    await archive.close();
  }
}
