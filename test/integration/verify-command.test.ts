import { EventEmitter } from 'node:events';
import { copyFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { sized } from '../../src/events/words.ts';
import { withFlip } from '../support/archive/corruption.ts';
import { makeDisc, signImage } from '../support/archive/signed-disc.ts';
import { gpgHome, KEYS_MADE, type TestKey } from '../support/gpg-home.ts';
import { runMain } from '../support/run-main.ts';
import { directoryOfTests } from '../support/test-directory.ts';

const scratch = directoryOfTests();
let disc: { readonly tree: string; readonly image: string };
let key: TestKey;
let keyFile: string;
const home = gpgHome();

beforeAll(async () => {
  key = await (await home).makeKey('release', { expires: '30d' });
  keyFile = join(scratch, 'key.asc');
  await writeFile(keyFile, await key.publicKey());
  disc = await makeDisc(scratch, { key });
});
afterAll(async () => (await home).close());

const warning = () =>
  `the key ${key.fingerprint} has expired on 2026-01-31; the signature is of 2026-01-02, before that`;

test('tells people what it is, who signed it, and what to think of it', async () => {
  const { exit, stdout, stderr } = await runMain(['verify', disc.image, '--trusted-key', keyFile]);
  expect(exit).toBe(0);
  const size = sized((await stat(disc.image)).size);
  expect(stdout.replace(/in \d+\.\d s/, 'in N s')).toBe(`Archive    ${disc.image}
Release    metalk8s 136.0.0 with Kubernetes 1.36.3, of 2026-01-02
Signed by  ${key.fingerprint} release <release@metalk8s.test>
           on 2026-01-02; trusted because of ${keyFile}
Content    9 files, ${size}, in N s
Warning    ${warning()}
Verdict    every byte is as it was signed
`);
  expect(stderr).toMatch(/^verify: 3 steps\nSignature\nSignature: done\n/);
  expect(stderr).toMatch(/\nverify: done after \d+\.\d s: 1 warning\n$/);
  expect(stderr).toContain(`warning: ${warning()}\n`);
});

test('tells programs the same', async () => {
  for (const path of [disc.image, disc.tree]) {
    const { exit, stdout } = await runMain(['verify', path, '--trusted-key', keyFile, '-o', 'json']);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      archive: path,
      verified: true,
      version: '136.0.0',
      kubernetes: '1.36.3',
      date: '2026-01-02T00:00:00Z',
      signer: {
        fingerprint: key.fingerprint,
        name: 'release <release@metalk8s.test>',
        key: keyFile,
        date: new Date((KEYS_MADE + 86_400) * 1000).toISOString(),
      },
      files: 9,
      bytes: expect.any(Number),
      seconds: expect.any(Number),
      warnings: [warning()],
    });
  }
});

test('names each fault of a folder, and ends with 5', async () => {
  const copy = join(scratch, 'copy');
  await execa('cp', ['-r', disc.tree, copy]);
  await rm(join(copy, 'metalk8s'));
  await writeFile(join(copy, 'extra'), '', { mode: 0o444 });
  const args = ['verify', copy, '--trusted-key', keyFile];
  const { exit, stdout, stderr } = await runMain(args);
  expect({ exit, stdout }).toEqual({ exit: 5, stdout: '' });
  expect(stderr).toContain(`Error:  The archive is not what was signed:
        extra: an extra file
        metalk8s: missing
Where:  ${copy}
To do:  Copy it again with its modes`);
  const yaml = await runMain([...args, '-o', 'yaml']);
  expect(yaml.exit).toBe(5);
  expect(parse(yaml.stdout)).toEqual({
    archive: copy,
    verified: false,
    reason: 'The archive is not what was signed:',
    faults: [
      { path: 'extra', what: 'an extra file' },
      { path: 'metalk8s', what: 'missing' },
    ],
  });
});

test('an image with one bit changed ends with 5, for people and for programs', async () => {
  const copy = join(scratch, 'flipped.iso');
  await copyFile(disc.image, copy);
  await withFlip(copy, { position: 500_000, bit: 1, region: '' }, async () => {
    const args = ['verify', copy, '--trusted-key', keyFile];
    expect(await runMain(args)).toMatchObject({
      exit: 5,
      stdout: '',
      stderr: expect.stringContaining('the image was changed'),
    });
    const { exit, stdout } = await runMain([...args, '-o', 'json']);
    expect(exit).toBe(5);
    expect(JSON.parse(stdout)).toEqual({
      archive: copy,
      verified: false,
      reason: expect.stringMatching(/^the image was changed: its SHA-256 is/),
      faults: [],
    });
  });
});

test('an image that nobody signed ends with 5', async () => {
  const copy = join(scratch, 'unsigned.iso');
  await copyFile(disc.image, copy);
  await signImage(copy, {});
  const { exit, stderr } = await runMain(['verify', copy, '--trusted-key', keyFile]);
  expect(exit).toBe(5);
  expect(stderr).toContain('Error:  the archive is intact but not signed: anybody may have made it');
});

test('an older release than wanted ends with 5', async () => {
  const args = ['verify', disc.tree, '--trusted-key', keyFile, '--minimum-version'];
  expect(await runMain([...args, '136.0.0'])).toMatchObject({ exit: 0 });
  expect(await runMain([...args, '136.0.1'])).toMatchObject({
    exit: 5,
    stderr: expect.stringContaining('version 136.0.0 is older than 136.0.1'),
  });
});

test('a key on the disc that the program was started from proves nothing, whatever path the archive has', async () => {
  const inside = join(disc.tree, 'key.asc');
  await copyFile(keyFile, inside);
  const args = ['verify', disc.image, '--trusted-key', inside];
  const { exit, stdout, stderr } = await runMain(args, { env: { METALK8S_ARCHIVE: disc.tree } });
  await rm(inside);
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  expect(stderr).toContain('a key that comes with the archive proves nothing');
});

test.each([
  ['no archive', () => ['verify'], 'archive'],
  ['a missing archive', () => ['verify', join(scratch, 'nothing')], 'the archive cannot be opened'],
  [
    'a missing key',
    () => ['verify', disc.image, '--trusted-key', join(scratch, 'nothing')],
    'a trusted key cannot be read',
  ],
  ['no version', () => ['verify', disc.image, '--minimum-version', '136'], '"136" is no version'],
  ['no key at all', () => ['verify', disc.image], 'no key is trusted'],
])('%s is a mistake of the caller', async (_what, args, message) => {
  const { exit, stdout, stderr } = await runMain([...args(), '-o', 'json']);
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  expect(stderr).toContain(message);
});

test('the key may come from the environment, and is given once for each', async () => {
  const other = join(scratch, 'other.asc');
  await writeFile(other, await (await (await home).makeKey('other')).publicKey());
  expect(await runMain(['verify', disc.tree], { env: { METALK8S_TRUSTED_KEY: keyFile } })).toMatchObject({ exit: 0 });
  const args = ['verify', disc.tree, '--trusted-key', other];
  expect(await runMain(args)).toMatchObject({ exit: 5, stderr: expect.stringContaining('is not trusted here') });
  expect(await runMain([...args, '--trusted-key', keyFile])).toMatchObject({ exit: 0 });
});

test('Ctrl-C stops it, and says how to go on', async () => {
  const signals = new EventEmitter();
  const running = runMain(['verify', disc.image, '--trusted-key', keyFile], { signals });
  signals.emit('SIGINT', 'SIGINT');
  const { exit, stderr } = await running;
  expect(exit).toBe(130);
  expect(stderr).toContain(`Resume: metalk8s verify ${disc.image}`);
});

test('verifies from a folder that was removed', async () => {
  const program = join(import.meta.dirname, 'fixtures/program.ts');
  const line = 'mkdir gone; cd gone; rmdir ../gone; exec "$0" "$@"';
  const args = [process.execPath, program, 'verify', disc.image, '--trusted-key', keyFile];
  const { stdout, stderr, exitCode } = await execa('bash', ['-c', line, ...args], { cwd: scratch, reject: false });
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toContain('every byte is as it was signed');
});
