import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import { type OpenPgpKey, readKeyListing } from '../../packages/read-key-listing.ts';
import type { SourceKey } from '../../release/sources.ts';
import type { BuildContext, StepReport } from '../build-context.ts';
import { runTool, tryTool } from '../run-tool.ts';
import { tools } from '../tools.ts';
import { fetchAll } from './fetch-all.ts';

/** A public key that packages or metadata may be signed with. */
export interface TrustedKey {
  /** 40 upper-case hexadecimal digits of the primary key. */
  readonly fingerprint: string;
  /** For rpm and dnf. */
  readonly armoured: Uint8Array;
  /** For gpgv. */
  readonly binary: Uint8Array;
}

const QUIET = ['--batch', '--no-tty', '--quiet', '--no-options'];

/**
 * The keys that a release list names, fetched and checked before anything is verified by them. Throws a `VERIFICATION_FAILED` when a file has
 * other keys than the list says, or more of them, when a key is revoked, and when it is of a kind that rpm of Enterprise Linux 8 cannot use
 * and a platform is.
 */
export async function trustedKeys(
  keys: readonly SourceKey[],
  { context, report, modulePlatform }: { context: BuildContext; report: StepReport; modulePlatform: string },
): Promise<TrustedKey[]> {
  const files = [...Map.groupBy(keys, ({ location }) => JSON.stringify(location)).values()];
  const found = await Promise.all(
    files.map(async (declared) => {
      const [first] = declared;
      if (first === undefined) return [];
      const where = 'url' in first.location ? first.location.url : first.location.file;
      const content = await keyFile(first, context, report);
      const fingerprints = [...new Set(declared.map(({ fingerprint }) => fingerprint))];
      return readKeys({ content, where, fingerprints, modulePlatform }, context, report);
    }),
  );
  const unique = new Map(found.flat().map((key) => [key.fingerprint, key]));
  return [...unique.values()].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
}

async function keyFile({ location }: SourceKey, context: BuildContext, report: StepReport): Promise<Uint8Array> {
  const url = 'url' in location ? location.url : location.file;
  const source = 'url' in location ? ({ kind: 'url', url } as const) : ({ kind: 'file', path: location.file } as const);
  const [stored] = await fetchAll([{ url, source, pin: undefined }], context, report);
  if (stored === undefined) throw new MetalK8sError('INTERNAL', `${url} was not fetched`);
  return readFile(stored.file);
}

interface KeyFile {
  readonly content: Uint8Array;
  readonly where: string;
  readonly fingerprints: readonly string[];
  readonly modulePlatform: string;
}

async function readKeys(file: KeyFile, context: BuildContext, report: StepReport): Promise<TrustedKey[]> {
  const home = await mkdtemp(join(tmpdir(), 'metalk8s-keys-'));
  try {
    const path = join(home, 'key');
    await writeFile(path, file.content);
    const gpg = { env: { ...context.env, GNUPGHOME: home }, stop: context.stop };
    const listing = await tryTool(tools.gpg, { ...gpg, arguments: [...QUIET, '--with-colons', '--show-keys', path] });
    const listed = readKeyListing(Buffer.from(listing.stdout).toString('utf8'));
    checkKeys(listed, file, report);
    await runTool(tools.gpg, { ...gpg, arguments: [...QUIET, '--import', path] });
    const exported = async (fingerprint: string, options: readonly string[]) =>
      (await runTool(tools.gpg, { ...gpg, arguments: [...QUIET, ...options, '--export', fingerprint] })).stdout;
    const keys: TrustedKey[] = [];
    for (const { fingerprint } of listed) {
      const armoured = await exported(fingerprint, ['--armor']);
      keys.push({ fingerprint, armoured, binary: await exported(fingerprint, []) });
    }
    return keys;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function checkKeys(found: readonly OpenPgpKey[], { where, fingerprints, modulePlatform }: KeyFile, report: StepReport) {
  const refuse = (message: string, hint: string) => new MetalK8sError('VERIFICATION_FAILED', message, { where, hint });
  const there = found.map(({ fingerprint }) => fingerprint).sort();
  const expected = fingerprints.toSorted();
  if (found.length === 0)
    throw refuse('This is no file of OpenPGP public keys', 'Mend its address, in the release list or in the mirrors.');
  if (there.join() !== expected.join()) {
    throw refuse(
      `A file of keys has other keys than the release list says: expected ${expected.join(', ')}, found ${there.join(', ')}`,
      'Compare with the fingerprint that upstream publishes. When the new key is right, put its fingerprint into the release list.',
    );
  }
  for (const { fingerprint, secret, revoked, expired, algorithm } of found) {
    if (secret)
      throw refuse(
        `The file of key ${fingerprint} holds its secret half`,
        'Whoever serves it has to withdraw that key.',
      );
    if (revoked) throw refuse(`Key ${fingerprint} is revoked`, 'Ask upstream which key took its place.');
    if (algorithm !== 'rsa' && modulePlatform === 'platform:el8') {
      throw refuse(
        `Key ${fingerprint} is not RSA, and rpm of Enterprise Linux 8 verifies nothing else`,
        'Take the packages from a repository that is signed with RSA, or let us sign them: signedByUs.',
      );
    }
    if (expired) report.warning(`Key ${fingerprint} of ${where} has expired; what it signed before is still taken`);
  }
}
