import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { armour } from '../../disc/openpgp/armour.ts';
import { type KeyBlock, readPublicKeys } from '../../disc/openpgp/public-key.ts';
import { sha256Of } from '../../disc/sha256-of.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { StepReport } from '../../events/step-report.ts';
import { type OpenPgpKey, readKeyListing } from '../../packages/read-key-listing.ts';
import type { SourceKey } from '../../release/sources.ts';
import type { BuildContext } from '../build-context.ts';
import { memo } from '../memo.ts';
import { tryTool } from '../run-tool.ts';
import { tools } from '../tools.ts';
import { inWorkFolder } from '../work-folder.ts';
import { fetchAll } from './fetch-all.ts';
import { toolVersions } from './tool-versions.ts';

/** A public key that packages or metadata may be signed with. */
export interface TrustedKey {
  /** 40 upper-case hexadecimal digits of the primary key. */
  readonly fingerprint: string;
  /** For rpm and dnf. */
  readonly armoured: Uint8Array;
  /** For gpgv. */
  readonly binary: Uint8Array;
}

const LARGEST_KEY_FILE = 2 ** 20;
const QUIET = ['--batch', '--no-tty', '--quiet', '--no-options'];

/**
 * The keys that a release list names, fetched and checked before anything is verified by them. Throws a `VERIFICATION_FAILED` when a file has
 * other keys than the list says, or more of them, and when a key is revoked; a `RELEASE_INVALID` when rpm of the platform cannot use it.
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
  if (stored.size > LARGEST_KEY_FILE)
    throw unreadable(url, `it has ${stored.size} bytes, more than the ${LARGEST_KEY_FILE} that are read`);
  return readFile(stored.file);
}

interface KeyFile {
  readonly content: Uint8Array;
  readonly where: string;
  readonly fingerprints: readonly string[];
  readonly modulePlatform: string;
}

async function readKeys(file: KeyFile, context: BuildContext, report: StepReport): Promise<TrustedKey[]> {
  const inputs = {
    sha256: sha256Of(file.content),
    fingerprints: file.fingerprints.toSorted(),
    tools: await toolVersions(context),
  };
  const make = (directory: string) =>
    inWorkFolder(context.cache, async (home) => {
      const path = join(home, 'key');
      await writeFile(path, file.content);
      const listing = await tryTool(tools.gpg, {
        arguments: [...QUIET, '--with-colons', '--show-keys', path],
        env: { ...context.env, GNUPGHOME: home },
        stop: context.stop,
      });
      const listed = readKeyListing(Buffer.from(listing.stdout).toString('utf8'));
      checkKeys(listed, file);
      const blocks = readBlocks(file);
      const keys = listed.map((key): KeptKey => {
        const block = blocks.find(({ fingerprint }) => fingerprint === key.fingerprint);
        if (block === undefined) throw unreadable(file.where, `it lacks ${key.fingerprint}`);
        return { ...key, binary: Buffer.from(block.bytes).toString('base64') };
      });
      await writeFile(join(directory, KEYS), JSON.stringify(keys));
    });
  const directory = await memo(context.cache, { kind: 'package-keys', inputs, make });
  const keys = JSON.parse(await readFile(join(directory, KEYS), 'utf8')) as KeptKey[];
  for (const { fingerprint, algorithm, expires } of keys) {
    if (algorithm !== 'rsa' && file.modulePlatform === 'platform:el8') throw unfitForEl8(fingerprint, file.where);
    if (expires !== undefined && expires <= context.epoch) {
      report.warning(`Key ${fingerprint} of ${file.where} has expired; what it signed before is still taken`);
    }
  }
  return keys.map(({ fingerprint, binary }) => {
    const bytes = Buffer.from(binary, 'base64');
    return { fingerprint, armoured: Buffer.from(armour('PGP PUBLIC KEY BLOCK', bytes)), binary: bytes };
  });
}

/** As it lies in the cache. */
interface KeptKey extends OpenPgpKey {
  /** In base64. */
  readonly binary: string;
}

/** The keys as they stand in the file: gpg would export them from a home alone, and start an agent for that. */
function readBlocks({ content, where }: KeyFile): KeyBlock[] {
  try {
    return readPublicKeys(content);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw unreadable(where, error.message);
  }
}

function unreadable(where: string, why: string): MetalK8sError {
  return new MetalK8sError('VERIFICATION_FAILED', `A file of OpenPGP keys cannot be used: ${why}`, {
    where,
    hint: 'It has to be one block of public keys of version 4, armoured or binary. Give each key a file of its own.',
  });
}

const KEYS = 'keys.json';

function checkKeys(found: readonly OpenPgpKey[], { where, fingerprints }: KeyFile): void {
  const refuse = (message: string, hint: string) => new MetalK8sError('VERIFICATION_FAILED', message, { where, hint });
  if (found.length === 0) {
    throw refuse('This is no file of OpenPGP public keys', 'Mend its address, in the release list or in the mirrors.');
  }
  const there = found.map(({ fingerprint }) => fingerprint).sort();
  const expected = fingerprints.toSorted();
  if (there.join() !== expected.join()) {
    throw refuse(
      `A file of keys has other keys than the release list says: expected ${expected.join(', ')}, found ${there.join(', ')}`,
      'Compare with the fingerprint that upstream publishes. When the new key is right, put its fingerprint into the release list.',
    );
  }
  for (const { fingerprint, secret, revoked } of found) {
    if (secret)
      throw refuse(
        `The file of key ${fingerprint} holds its secret half`,
        'Whoever serves it has to withdraw that key.',
      );
    if (revoked) throw refuse(`Key ${fingerprint} is revoked`, 'Ask upstream which key took its place.');
  }
}

function unfitForEl8(fingerprint: string, where: string): MetalK8sError {
  return new MetalK8sError(
    'RELEASE_INVALID',
    `Key ${fingerprint} is not RSA, and rpm of Enterprise Linux 8 verifies nothing else`,
    {
      where,
      hint: 'Take the packages from a repository that is signed with RSA, or let us sign them: signedByUs.',
    },
  );
}
