import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { cached, type Report } from '../cache.ts';
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

const USER_ID = 'metalk8s test release <release@metalk8s.test>';
/** RSA, as Enterprise Linux 8's rpm verifies no Ed25519. */
const ALGORITHM = 'rsa3072';
const QUIET = ['--batch', '--yes', '--quiet', '--no-tty', '--pinentry-mode', 'loopback'];
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
  return withGnupgHome(async (env) => {
    await execa('gpg', [...QUIET, '--import', join(directory, 'secret.asc')], { env, stdin: 'ignore' });
    return work({ fingerprint, env, gpgArguments: [...QUIET, ...FIXED_TIME, '--digest-algo', 'SHA256'] });
  });
}

function keyDirectory(report: Report): Promise<string> {
  return cached({ name: 'signing-key', inputs: [USER_ID, ALGORITHM, RELEASE_TIME], make: makeKey }, report);
}

async function makeKey(directory: string): Promise<void> {
  await withGnupgHome(async (env) => {
    const gpg = (...args: string[]) => execa('gpg', [...QUIET, ...FIXED_TIME, ...args], { env, stdin: 'ignore' });
    await gpg('--passphrase', '', '--quick-generate-key', USER_ID, ALGORITHM, 'sign', 'never');
    const { stdout } = await gpg('--with-colons', '--list-keys');
    const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(stdout)?.[1];
    if (!fingerprint) throw new Error(`gpg made a key but does not list it: ${stdout}`);
    await writeFile(join(directory, 'fingerprint'), `${fingerprint}\n`);
    await gpg('--armor', '--output', join(directory, 'public.asc'), '--export', fingerprint);
    await gpg('--output', join(directory, 'public.gpg'), '--export', fingerprint);
    await gpg('--armor', '--output', join(directory, 'secret.asc'), '--export-secret-keys', fingerprint);
    await chmod(join(directory, 'secret.asc'), 0o600);
  });
}

/** The home has a short path of its own: gpg's agent puts a socket into it, whose path may have 107 bytes. */
async function withGnupgHome<T>(work: (env: Readonly<Record<string, string>>) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'mk8s-gpg-'));
  const env = { GNUPGHOME: home };
  try {
    return await work(env);
  } finally {
    await execa('gpgconf', ['--kill', 'gpg-agent'], { env, reject: false });
    await execa('gpgconf', ['--remove-socketdir'], { env, reject: false });
    await rm(home, { recursive: true, force: true });
  }
}
