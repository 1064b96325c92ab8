import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, type Report } from '../cache.ts';
import { QUIET, withGpgHome, writeKeyFiles } from '../gpg-home.ts';
import { RELEASE_TIME } from './release-time.ts';

/** An OpenPGP key that signs test releases. Its secret half never leaves the cache. */
export interface SigningKey {
  /** 40 hexadecimal digits. */
  readonly fingerprint: string;
  /** Public key, ASCII-armoured: what `rpm --import` and `gpgkey=` take. */
  readonly armoured: string;
  /** Public key, binary: what `gpgv --keyring` takes. */
  readonly binary: string;
}

/** A GnuPG home that can sign, for as long as the function it was given to runs. */
export interface Signer {
  readonly fingerprint: string;
  /** Environment for gpg, and for programs that call it. */
  readonly env: Readonly<Record<string, string>>;
  /** Arguments for gpg that make it ask nothing, and the same signature come out each time. */
  readonly gpgArguments: readonly string[];
}

const HOLDER = 'metalk8s test release';
const NAME = 'release';
/** RSA, as Enterprise Linux 8's rpm verifies no Ed25519. */
const ALGORITHM = 'rsa3072';
const FIXED_TIME = ['--faked-system-time', `${RELEASE_TIME}!`];

/** The key of this machine's test releases: made once, without a passphrase, then kept in the test cache. */
export async function signingKey(report: Report): Promise<SigningKey> {
  const directory = await keyDirectory(report);
  return {
    fingerprint: (await readFile(join(directory, 'fingerprint'), 'utf8')).trim(),
    armoured: join(directory, 'public.asc'),
    binary: join(directory, 'public.gpg'),
  };
}

/** Lends a signer. Its home, and the agent that gpg starts in it, are gone when `work` has ended. */
export async function withSigner<T>(report: Report, work: (signer: Signer) => Promise<T>): Promise<T> {
  const directory = await keyDirectory(report);
  const { fingerprint } = await signingKey(report);
  return withGpgHome(async ({ env, gpg }) => {
    await gpg(['--import', join(directory, 'secret.asc')]);
    return work({ fingerprint, env, gpgArguments: [...QUIET, ...FIXED_TIME, '--digest-algo', 'SHA256'] });
  });
}

function keyDirectory(report: Report): Promise<string> {
  const inputs = [`${HOLDER} <${NAME}@metalk8s.test>`, ALGORITHM, RELEASE_TIME];
  return cached({ name: 'signing-key', inputs, make: makeKey }, report);
}

async function makeKey(directory: string): Promise<void> {
  await withGpgHome(async (home) => {
    const key = await home.makeKey(NAME, { holder: HOLDER, algorithm: ALGORITHM, at: RELEASE_TIME });
    await writeFile(join(directory, 'fingerprint'), `${key.fingerprint}\n`);
    await writeKeyFiles(key, directory, 'public');
    await writeFile(join(directory, 'secret.asc'), await key.secretKey(), { mode: 0o600 });
  });
}
