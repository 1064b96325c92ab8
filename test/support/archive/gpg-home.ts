import { mkdtemp, rm } from 'node:fs/promises';
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
  /** From now on the public key ends at this time, in seconds since 1970. */
  expireAt(seconds: number): Promise<void>;
  /** From now on the public key says that it is revoked. */
  revoke(): Promise<void>;
}

interface SignOptions {
  readonly digest?: string;
  /** Seconds since 1970. */
  readonly at?: number;
  /** As gpg takes it: `10d`. */
  readonly expires?: string;
}

export interface KeyOptions {
  readonly algorithm?: string;
  /** As gpg takes it: `30d`. */
  readonly expires?: string;
  /** Seconds since 1970. */
  readonly at?: number;
}

/** 2026-01-01: when keys are made. */
export const KEYS_MADE = 1_767_225_600;

const QUIET = ['--batch', '--yes', '--quiet', '--no-tty', '--pinentry-mode', 'loopback', '--passphrase', ''];

/** A GnuPG home of its own that makes keys. Close it: its agent ends, its files go. */
export async function gpgHome() {
  const home = await mkdtemp(join(tmpdir(), 'mk8s-gpg-'));
  const env = { GNUPGHOME: home };
  const gpg = (args: readonly string[], options: { readonly input?: Uint8Array | string } = {}) =>
    execa('gpg', [...QUIET, ...args], { env, ...(options.input === undefined ? { stdin: 'ignore' } : options) });

  async function makeKey(name: string, { algorithm = 'rsa3072', expires = 'never', at = KEYS_MADE }: KeyOptions = {}) {
    const id = `${name} <${name}@metalk8s.test>`;
    const faked = ['--faked-system-time', `${at}!`];
    const { stdout } = await gpg([
      ...[...faked, '--status-fd', '1'],
      ...['--quick-generate-key', id, algorithm, 'sign', expires],
    ]);
    const fingerprint = /KEY_CREATED P ([0-9A-F]{40})/.exec(stdout)?.[1];
    if (fingerprint === undefined) throw new Error(`gpg made no key: ${stdout}`);
    const key: TestKey = {
      fingerprint,
      async sign(content, { digest = 'SHA256', at: signed = KEYS_MADE + 86_400, expires: end } = {}) {
        const limits = end === undefined ? [] : ['--default-sig-expire', end];
        const args = [
          '--ignore-time-conflict',
          '--ignore-valid-from',
          '--faked-system-time',
          `${signed}!`,
          ...limits,
          '--digest-algo',
          digest,
          '--armor',
        ];
        const { stdout: armoured } = await gpg([...args, '--local-user', `${fingerprint}!`, '--detach-sign'], {
          input: content,
        });
        return `${armoured}\n`;
      },
      publicKey: async () => `${(await gpg(['--armor', '--export', fingerprint])).stdout}\n`,
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

  return { env, makeKey, close };
}
