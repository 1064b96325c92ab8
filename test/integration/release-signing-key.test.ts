import { existsSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { signingKey, withSigner } from '../support/release/signing-key.ts';
import { directoryOfTest } from '../support/test-directory.ts';

let scratch: string;

beforeEach(async () => {
  scratch = await directoryOfTest();
  vi.stubEnv('METALK8S_TEST_CACHE', scratch);
});

afterEach(async () => {
  vi.unstubAllEnvs();
});

const quiet = () => {};

test('the key is RSA of 3072 bits, signs for ever, is made once, and its secret half is for its owner alone', async () => {
  const key = await signingKey(quiet);
  const { stdout } = await execa('gpg', ['--with-colons', '--show-keys', key.armoured]);
  const [, , length, algorithm, , , expires] =
    stdout
      .split('\n')
      .find((line) => line.startsWith('pub:'))
      ?.split(':') ?? [];
  expect([length, algorithm, expires]).toEqual(['3072', '1', '']);
  expect(stdout).toContain(`fpr:::::::::${key.fingerprint}:`);
  expect((await stat(join(dirname(key.armoured), 'secret.asc'))).mode & 0o777).toBe(0o600);
  expect((await signingKey(quiet)).fingerprint).toBe(key.fingerprint);
});

test('a signature is the same each time, and gpgv takes it with the binary public key', async () => {
  const { binary } = await signingKey(quiet);
  const file = join(scratch, 'file');
  await writeFile(file, 'text');
  const signatures = [];
  for (const name of ['first', 'second']) signatures.push(await sign(file, join(scratch, name)));
  expect(signatures[0]).toEqual(signatures[1]);
  await execa('gpgv', ['--keyring', binary, join(scratch, 'first'), file]);
  await writeFile(file, 'other text');
  await expect(execa('gpgv', ['--keyring', binary, join(scratch, 'first'), file])).rejects.toThrow('BAD signature');
});

test('no agent and no folder outlives a signer, also when the work fails', async () => {
  let home = '';
  const work = withSigner(quiet, async ({ env, gpgArguments, fingerprint }) => {
    home = env.GNUPGHOME ?? '';
    const options = { env, input: 'text' };
    await execa('gpg', [...gpgArguments, '--local-user', fingerprint, '--sign'], { ...options, encoding: 'buffer' });
    expect(await agentsOf(home)).toHaveLength(1);
    throw new Error('the work failed');
  });
  await expect(work).rejects.toThrow('the work failed');
  expect(existsSync(home)).toBe(false);
  await expect.poll(() => agentsOf(home)).toEqual([]);
});

async function sign(file: string, signature: string): Promise<Buffer> {
  await withSigner(quiet, async ({ env, gpgArguments, fingerprint }) => {
    const options = ['--local-user', fingerprint, '--output', signature, '--detach-sign', file];
    await execa('gpg', [...gpgArguments, ...options], { env, stdin: 'ignore' });
  });
  return readFile(signature);
}

/** Command lines of the agents that serve a GnuPG home; a process that has ended has none. */
async function agentsOf(home: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return commands.filter((command) => command.includes('gpg-agent') && command.includes(home));
}
