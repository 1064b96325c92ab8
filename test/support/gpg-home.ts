import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** A key of a test and what is done with it. */
export interface TestKey {
  /** 40 hexadecimal digits. */
  readonly fingerprint: string;
  /** A detached signature as gpg gives it, armoured. */
  sign(content: Uint8Array | string, options?: SignOptions): Promise<string>;
  /** The public key as it is now, armoured. */
  publicKey(): Promise<string>;
  /** The same in binary form. */
  binaryKey(): Promise<Uint8Array>;
  /** The secret half, armoured, as somebody would mistake it for the public one. */
  secretKey(): Promise<string>;
  /** Gives the public key a subkey that signs, and tells its fingerprint. */
  addSubkey(): Promise<string>;
  /** From now on the public key ends at this time, in seconds since 1970. */
  expireAt(seconds: number): Promise<void>;
  /** From now on the public key says that it is revoked. */
  revoke(): Promise<void>;
}

export interface SignOptions {
  /** Fingerprint of the key that signs, when not the primary one. */
  readonly by?: string;
  readonly digest?: string;
  /** As one of text, whose line ends do not count. */
  readonly text?: boolean;
  /** Seconds since 1970; a day after the key was made when left out. */
  readonly at?: number;
  /** As gpg takes it: `10d`. */
  readonly expires?: string;
}

export interface KeyOptions {
  /** Of the key, in its user id; its name when left out. */
  readonly holder?: string;
  readonly algorithm?: string;
  /** As gpg takes it: `30d`, `2021-01-01`. */
  readonly expires?: string;
  /** Seconds since 1970. */
  readonly at?: number;
}

/** 2026-01-01: when keys are made. */
export const KEYS_MADE = 1_767_225_600;

/** gpg asks nothing, and takes keys that have no passphrase. */
export const QUIET = ['--batch', '--yes', '--quiet', '--no-tty', '--pinentry-mode', 'loopback'] as const;

/**
 * A GnuPG home of its own that makes keys. Close it: its agent ends, its files go. Its path is short, as the agent puts a socket into it,
 * whose path may have 107 bytes.
 */
export async function gpgHome() {
  const home = await mkdtemp(join(tmpdir(), 'mk8s-gpg-'));
  const env = { GNUPGHOME: home };
  const gpg = (args: readonly string[], options: { readonly input?: Uint8Array | string } = {}) =>
    execa('gpg', [...QUIET, '--passphrase', '', ...args], {
      env,
      ...(options.input === undefined ? { stdin: 'ignore' } : options),
    });

  async function makeKey(name: string, options: KeyOptions = {}) {
    const { holder = name, algorithm = 'rsa3072', expires = 'never', at = KEYS_MADE } = options;
    const id = `${holder} <${name}@metalk8s.test>`;
    const faked = ['--faked-system-time', `${at}!`];
    const { stdout } = await gpg([
      ...[...faked, '--status-fd', '1'],
      ...['--quick-generate-key', id, algorithm, 'sign', expires],
    ]);
    const fingerprint = /KEY_CREATED P ([0-9A-F]{40})/.exec(stdout)?.[1];
    if (fingerprint === undefined) throw new Error(`gpg made no key: ${stdout}`);
    const key: TestKey = {
      fingerprint,
      async sign(
        content,
        { by = fingerprint, digest = 'SHA256', text = false, at: signed = at + 86_400, ...rest } = {},
      ) {
        const args = [
          ...['--ignore-time-conflict', '--ignore-valid-from', '--faked-system-time', `${signed}!`],
          ...(rest.expires === undefined ? [] : ['--default-sig-expire', rest.expires]),
          ...(text ? ['--textmode'] : []),
          ...['--digest-algo', digest, '--armor'],
        ];
        const { stdout: armoured } = await gpg([...args, '--local-user', `${by}!`, '--detach-sign'], {
          input: content,
        });
        return `${armoured}\n`;
      },
      publicKey: async () => `${(await gpg(['--armor', '--export', fingerprint])).stdout}\n`,
      async binaryKey() {
        const exporting = ['--batch', '--quiet', '--export', fingerprint];
        return (await execa('gpg', exporting, { env, stdin: 'ignore', encoding: 'buffer' })).stdout;
      },
      secretKey: async () => `${(await gpg(['--armor', '--export-secret-keys', fingerprint])).stdout}\n`,
      async addSubkey() {
        const { stdout: told } = await gpg([
          ...[...faked, '--status-fd', '1'],
          ...['--quick-add-key', fingerprint, algorithm, 'sign', expires],
        ]);
        return /KEY_CREATED S ([0-9A-F]{40})/.exec(told)?.[1] ?? '';
      },
      async expireAt(seconds) {
        const end = new Date(seconds * 1000).toISOString().replace(/[-:]|\.000Z/g, '');
        await gpg(['--faked-system-time', `${at + 3600}!`, '--quick-set-expire', fingerprint, end]);
      },
      async revoke() {
        const certificate = join(home, 'openpgp-revocs.d', `${fingerprint}.rev`);
        const { stdout: text } = await execa('sed', ['s/^:-----/-----/', certificate]);
        await gpg(['--import'], { input: text });
      },
    };
    return key;
  }

  async function close(): Promise<void> {
    await execa('gpgconf', ['--kill', 'gpg-agent'], { env, reject: false });
    await execa('gpgconf', ['--remove-socketdir'], { env, reject: false });
    await rm(home, { recursive: true, force: true });
  }

  return { env, gpg, makeKey, close };
}

/** Lends a GnuPG home; it is closed when `use` has ended, whatever happens. */
export async function withGpgHome<Result>(
  use: (home: Awaited<ReturnType<typeof gpgHome>>) => Promise<Result>,
): Promise<Result> {
  const home = await gpgHome();
  try {
    return await use(home);
  } finally {
    await home.close();
  }
}

/** The public half of a key in files, as people bring it. */
export interface KeyFiles {
  readonly armoured: string;
  readonly binary: string;
}

/** Writes the public half of a key, as it is now, into a folder: `NAME.asc` and `NAME.gpg`. */
export async function writeKeyFiles(
  key: Pick<TestKey, 'publicKey' | 'binaryKey'>,
  directory: string,
  name: string,
): Promise<KeyFiles> {
  const files = { armoured: join(directory, `${name}.asc`), binary: join(directory, `${name}.gpg`) };
  await writeFile(files.armoured, await key.publicKey());
  await writeFile(files.binary, await key.binaryKey());
  return files;
}
