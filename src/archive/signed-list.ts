import { type ArchiveHead, compareVersions, parseArchiveHead } from '../disc/parse-archive-head.ts';
import { discPaths } from '../disc/paths.ts';
import { refuse } from '../disc/refuse.ts';
import { sha256Of } from '../disc/sha256-of.ts';
import { parseSums, type Sum } from '../disc/sums.ts';
import { type Archive, readFile } from './archive.ts';
import { checkSignature, type Signer } from './check-signature.ts';
import { limits } from './limits.ts';
import type { VerifyOptions } from './verified-archive.ts';

/** The sums of all files, and who signed them; nobody where the archive is not signed. */
export interface SignedList {
  readonly sums: readonly Sum[];
  readonly signer: Signer | undefined;
}

/** Reads the list of sums of an archive and checks its signature, where it has one. Throws as `checkSignature` and `parseSums` do. */
export async function readSignedList(
  archive: Archive,
  isSigned: boolean,
  { keys, now }: Pick<VerifyOptions, 'keys' | 'now'>,
): Promise<SignedList> {
  const content = await readFile(archive, discPaths.sums, limits.sums);
  const where = `${archive.path}: ${discPaths.sums}`;
  if (!isSigned) return { sums: parseSums(content.toString('latin1'), where), signer: undefined };
  const signature = await readFile(archive, discPaths.sumsSignature, limits.signature);
  const signer = await checkSignature({ content, signature, where }, keys, now);
  return { sums: parseSums(content.toString('latin1'), where), signer };
}

/** Reads which release an archive is. Throws a `VERIFICATION_FAILED` when it is older than is wanted, or says that another key signed it. */
export async function readHead(
  archive: Archive,
  { sums, signer }: { readonly sums: readonly Sum[]; readonly signer: Signer },
  minimumVersion: string | undefined,
): Promise<ArchiveHead> {
  const where = `${archive.path}: ${discPaths.release}`;
  const content = await readFile(archive, discPaths.release, limits.text);
  const sha256 = sha256Of(content);
  if (sums.find(({ path }) => path === discPaths.release)?.sha256 !== sha256)
    throw refuse('it was changed while the archive was verified, or has no sum', where);
  const head = parseArchiveHead(content.toString(), where);
  if (head.signingKey !== signer.fingerprint)
    throw refuse(`it names the key ${head.signingKey}, and the archive is signed by ${signer.fingerprint}`, where);
  if (minimumVersion !== undefined && compareVersions(head.version, minimumVersion) < 0)
    throw refuse(
      `version ${head.version} is older than ${minimumVersion}, which is wanted at least`,
      archive.path,
      'Take a newer archive. To go back to an older version on purpose, lower --minimum-version.',
    );
  return head;
}

/** What is said of an archive in which nothing else is wrong. */
export function unsigned(where: string) {
  return refuse(
    'the archive is intact but not signed: anybody may have made it',
    where,
    'Build it with --signing-key, or get one that is signed.',
  );
}
