import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** An OpenPGP key of a test. */
export interface TestKey {
  readonly fingerprint: string;
  /** Files with the public key. */
  readonly armoured: string;
  readonly binary: string;
  /** Writes a detached, armoured signature of a file. */
  sign(file: string, signature: string, ...options: readonly string[]): Promise<void>;
}

interface KeyOptions {
  /** When it is made and signs, and until when it is good, as gpg takes it. Left out: now, and for ever. */
  readonly made?: string;
  readonly until?: string;
}

/** Makes keys in a GnuPG home of their own, and their public halves as files beside it. */
export interface KeyMaker {
  make(name: string, options?: KeyOptions): Promise<TestKey>;
  /** The binary public key as it is after its owner has revoked it. */
  revoke(key: TestKey): Promise<string>;
  /** Gives a key an end; `at` is when its owner does so. Writes the binary public key again. */
  expire(key: TestKey, times: { readonly at: string; readonly until: string }): Promise<void>;
  /** The secret half, as somebody would mistake it for the public one. */
  exportSecret(key: TestKey): Promise<string>;
  /** Ends gpg's agent. */
  close(): Promise<void>;
}

const QUIET = ['--batch', '--yes', '--quiet', '--no-tty', '--pinentry-mode', 'loopback', '--passphrase', ''];

/** `home`: an empty folder with a short path, as gpg's agent puts a socket into it. */
export function keyMaker(home: string): KeyMaker {
  const env = { GNUPGHOME: home };
  const gpg = (...args: readonly string[]) => execa('gpg', [...QUIET, ...args], { env, stdin: 'ignore' });
  const publicFile = (name: string) => join(home, name);

  return {
    async make(name, { made, until = 'never' } = {}) {
      const time = made === undefined ? [] : ['--faked-system-time', `${made}!`];
      await gpg(...time, '--quick-generate-key', `${name} <${name}@metalk8s.test>`, 'rsa3072', 'sign', until);
      const { stdout } = await gpg('--with-colons', '--list-keys', `${name}@metalk8s.test`);
      const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(stdout)?.[1] ?? '';
      const [armoured, binary] = [publicFile(`${name}.asc`), publicFile(`${name}.gpg`)];
      await gpg('--armor', '--output', armoured, '--export', fingerprint);
      await gpg('--output', binary, '--export', fingerprint);
      return {
        fingerprint,
        armoured,
        binary,
        async sign(file, signature, ...options) {
          await gpg(
            ...time,
            ...options,
            '--local-user',
            fingerprint,
            '--armor',
            '--output',
            signature,
            '--detach-sign',
            file,
          );
        },
      };
    },
    async revoke({ fingerprint }) {
      // gpg makes the certificate with each key, and puts a colon before it so that nobody imports it by mistake.
      const certificate = await readFile(join(home, 'openpgp-revocs.d', `${fingerprint}.rev`), 'utf8');
      const usable = publicFile(`${fingerprint}.rev`);
      await writeFile(usable, certificate.replace(/^:-----/m, '-----'));
      await gpg('--import', usable);
      const revoked = publicFile(`${fingerprint}-revoked.gpg`);
      await gpg('--output', revoked, '--export', fingerprint);
      return revoked;
    },
    async expire({ fingerprint, binary }, { at, until }) {
      await gpg('--faked-system-time', `${at}!`, '--quick-set-expire', fingerprint, until);
      await gpg('--output', binary, '--export', fingerprint);
    },
    async exportSecret({ fingerprint }) {
      const file = publicFile(`${fingerprint}-secret.asc`);
      await gpg('--armor', '--output', file, '--export-secret-keys', fingerprint);
      await chmod(file, 0o644);
      return file;
    },
    async close() {
      await execa('gpgconf', ['--kill', 'gpg-agent'], { env, reject: false });
      await execa('gpgconf', ['--remove-socketdir'], { env, reject: false });
    },
  };
}
