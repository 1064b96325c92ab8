import { chmod, copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { checkSignature, type SignedContent } from '../../src/archive/check-signature.ts';
import { runGpgv } from '../../src/archive/run-gpgv.ts';
import { loadTrustedKeys } from '../../src/archive/trusted-keys.ts';
import { armour } from '../../src/disc/openpgp/armour.ts';
import { canonicalSignature, readSignature } from '../../src/disc/openpgp/signature.ts';
import { gpgHome, KEYS_MADE, type KeyOptions, type TestKey } from '../support/gpg-home.ts';
import { directoryOfTests } from '../support/test-directory.ts';

const DAY = 86_400;
const content = Buffer.from('what is signed\n');
const now = new Date('2026-11-21T00:00:00Z');

const scratch = directoryOfTests();
const home = gpgHome();
const made = new Map<string, Promise<TestKey>>();

afterAll(async () => (await home).close());

function keyOf(name: string, options: KeyOptions = {}): Promise<TestKey> {
  const key = made.get(name) ?? home.then(({ makeKey }) => makeKey(name, options));
  made.set(name, key);
  return key;
}

async function fileOf(key: TestKey, name: string): Promise<string> {
  const file = join(scratch, name);
  await writeFile(file, await key.publicKey());
  return file;
}

async function signed(key: TestKey, options: Parameters<TestKey['sign']>[1] = {}): Promise<SignedContent> {
  const signature = Buffer.from(canonicalSignature(Buffer.from(await key.sign(content, options))));
  return { content, signature, where: 'x.iso' };
}

function load(trusted: readonly string[] | undefined, trustDirectory = '/nowhere', origin?: string) {
  return loadTrustedKeys(join(scratch, 'archive.iso'), { trusted, trustDirectory, origin });
}

async function check(what: SignedContent, ...files: readonly string[]) {
  await writeFile(join(scratch, 'archive.iso'), '');
  return checkSignature(what, await load(files), now);
}

test('a good signature tells its key, its date and the file of the key', async () => {
  const key = await keyOf('good');
  const file = await fileOf(key, 'good.asc');
  for (const digest of ['SHA256', 'SHA512'])
    expect(await check(await signed(key, { digest }), file)).toEqual({
      fingerprint: key.fingerprint,
      name: 'good <good@metalk8s.test>',
      file,
      date: new Date((KEYS_MADE + DAY) * 1000),
      warnings: [],
    });
});

test('a subkey may sign; what counts is the fingerprint of the primary key', async () => {
  const key = await (await home).makeKey('with-subkey');
  const by = await key.addSubkey();
  const what = await signed(key, { by });
  expect(readSignature(what.signature).issuer).toBe(by);
  expect(await check(what, await fileOf(key, 'with-subkey.asc'))).toMatchObject({ fingerprint: key.fingerprint });
});

test('a binary key file will do, and a file with several keys', async () => {
  const [key, other] = [await keyOf('good'), await keyOf('other')];
  const [armoured, binary, both] = [
    await fileOf(key, 'good.asc'),
    join(scratch, 'good.gpg'),
    join(scratch, 'both.asc'),
  ];
  await execa('gpg', ['--yes', '--output', binary, '--dearmor', armoured]);
  await writeFile(both, `${await other.publicKey()}${await key.publicKey()}`);
  for (const file of [binary, both]) expect(await check(await signed(key), file)).toMatchObject({ file, warnings: [] });
});

describe('a key that has expired', () => {
  const options = { expires: '30d' };

  test('is taken with a warning for what it signed before', async () => {
    const key = await keyOf('expired', options);
    const { warnings } = await check(await signed(key), await fileOf(key, 'expired.asc'));
    expect(warnings).toEqual([
      `the key ${key.fingerprint} has expired on 2026-01-31; the signature is of 2026-01-02, before that`,
    ]);
  });

  test('is refused for what it signed afterwards', async () => {
    // GnuPG itself does not sign with an expired key: the key was given an earlier end since.
    const key = await (await home).makeKey('shortened', { expires: '300d' });
    const what = await signed(key, { at: KEYS_MADE + 100 * DAY });
    await key.expireAt(KEYS_MADE + 50 * DAY);
    await expect(check(what, await fileOf(key, 'shortened.asc'))).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: `the key ${key.fingerprint} had expired when it signed`,
    });
  });

  test('is in force where another copy of it has a later end', async () => {
    const key = await (await home).makeKey('prolonged', options);
    const before = await fileOf(key, 'prolonged-before.asc');
    await key.expireAt(KEYS_MADE + 3650 * DAY);
    const after = await fileOf(key, 'prolonged-after.asc');
    const what = await signed(key);
    expect((await check(what, before)).warnings).toHaveLength(1);
    expect(await check(what, before, after)).toMatchObject({ warnings: [], file: after });
  });
});

test('a revoked key is refused, also where another copy does not say so', async () => {
  const key = await (await home).makeKey('revoked');
  const what = await signed(key);
  const before = await fileOf(key, 'before.asc');
  await expect(check(what, before)).resolves.toBeDefined();
  await key.revoke();
  const after = await fileOf(key, 'after.asc');
  for (const files of [[after], [before, after], [after, before]])
    await expect(check(what, ...files)).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: `the key ${key.fingerprint} that signed it is revoked`,
    });
});

describe('refuses', () => {
  const refusals: readonly (readonly [string, KeyOptions, Parameters<TestKey['sign']>[1], string])[] = [
    ['rsa2048', { algorithm: 'rsa2048' }, {}, 'the key X is RSA of 2048 bits; RSA of 3072 bits or more is needed'],
    ['late', {}, { expires: '10d' }, 'the signature of X has an end, which has passed'],
    ['early', {}, { at: KEYS_MADE - DAY }, 'the signature is older than the key X'],
  ];
  test.each(refusals)('%s', async (name, keyOptions, signOptions, message) => {
    const key = await keyOf(name, keyOptions);
    const what = await signed(key, signOptions);
    await expect(check(what, await fileOf(key, `${name}.asc`))).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      where: 'x.iso',
      message: message.replace('X', key.fingerprint),
    });
  });

  test.each([
    ['SHA1', 'rsa3072', 'a signature over hash 2, neither SHA-256 nor SHA-512'],
    ['SHA256', 'ed25519', 'a signature by public-key algorithm 22, not RSA'],
  ])('a signature over %s by %s', async (digest, algorithm, message) => {
    const key = await keyOf(algorithm, { algorithm });
    const signature = Buffer.from(await key.sign(content, { digest }));
    const file = await fileOf(key, `${algorithm}.asc`);
    await expect(check({ content, signature, where: 'x.iso' }, file)).rejects.toThrow(message);
  });

  test('an unknown key by its fingerprint, and says what to compare', async () => {
    const [key, other] = [await keyOf('good'), await keyOf('other')];
    await expect(check(await signed(other), await fileOf(key, 'good.asc'))).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: expect.stringContaining(
        `signed by the key ${other.fingerprint}, which is not trusted here; trusted: ${key.fingerprint}`,
      ),
      hint: expect.stringContaining('Compare this fingerprint'),
    });
  });

  test('a number that is larger by the modulus, which GnuPG takes', async () => {
    const key = await keyOf('good');
    const file = await fileOf(key, 'good.asc');
    const what = await signed(key);
    const [modulus = 0n] = (await load([file])).map(({ keys }) => keys[0]?.rsa?.modulus ?? 0n);
    const { packet, number } = readSignature(what.signature);
    const digits = (number + modulus).toString(16);
    const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
    const { length: bits } = (number + modulus).toString(2);
    const before = packet.subarray(3, packet.length - 2 - Math.ceil(number.toString(2).length / 8));
    const body = Buffer.concat([before, Buffer.of(bits >> 8, bits & 0xff), bytes]);
    const larger = Buffer.concat([Buffer.of(0x89, body.length >> 8, body.length & 0xff), body]);
    const signature = Buffer.from(armour('PGP SIGNATURE', larger));
    const [block] = await load([file]);
    expect(await runGpgv({ content, signature, keyring: block?.bytes ?? content })).toMatchObject({ kind: 'good' });
    await expect(check({ ...what, signature }, file)).rejects.toThrow('not written in its shortest form');
  });

  test('another content, and armour with a comment', async () => {
    const key = await keyOf('good');
    const file = await fileOf(key, 'good.asc');
    const what = await signed(key);
    const commented = Buffer.from(what.signature.toString().replace('\n\n', '\nComment: good\n\n'));
    for (const wrong of [
      { ...what, content: Buffer.from('other') },
      { ...what, signature: commented },
    ])
      await expect(check(wrong, file)).rejects.toThrow('or something stands in it that nobody signed');
  });
});

test('a date that lies ahead is told: clocks of closed sites are often wrong', async () => {
  const key = await (await home).makeKey('ahead', { at: KEYS_MADE + 3650 * DAY });
  const what = await signed(key, { at: KEYS_MADE + 3651 * DAY });
  const { warnings } = await check(what, await fileOf(key, 'ahead.asc'));
  expect(warnings).toEqual(['the signature is of 2035-12-31, which is to come: is the clock of this host right?']);
});

describe('trusted keys', () => {
  test('are those of every file in the directory, none where it does not exist', async () => {
    await writeFile(join(scratch, 'archive.iso'), '');
    const directory = join(scratch, 'trust');
    expect(await load(undefined, directory)).toEqual([]);
    await mkdir(directory);
    const [key, other] = [await keyOf('good'), await keyOf('other')];
    await writeFile(join(directory, 'a.asc'), await key.publicKey());
    await symlink(await fileOf(other, 'other.asc'), join(directory, 'b'));
    await writeFile(join(directory, '.hidden'), 'no key');
    expect((await load(undefined, directory)).map(({ fingerprint }) => fingerprint)).toEqual([
      key.fingerprint,
      other.fingerprint,
    ]);
    await symlink('/media/usb/c.asc', join(directory, 'c.asc'));
    await expect(load(undefined, directory)).rejects.toMatchObject({
      code: 'USAGE',
      where: join(directory, 'c.asc'),
      message: 'a trusted key cannot be read',
    });
    await rm(join(directory, 'c.asc'));
    await writeFile(join(directory, 'c.txt'), 'no key');
    await expect(load(undefined, directory)).rejects.toMatchObject({ code: 'USAGE', where: join(directory, 'c.txt') });
  });

  test.each(['directory', 'file'])('are not taken from a %s that everyone may write to', async (what) => {
    const directory = join(scratch, `open-${what}`);
    await mkdir(directory);
    await writeFile(join(directory, 'key.asc'), await (await keyOf('good')).publicKey());
    const open = what === 'directory' ? directory : join(directory, 'key.asc');
    await chmod(open, 0o777);
    await expect(load(undefined, directory)).rejects.toMatchObject({
      code: 'USAGE',
      where: open,
      message: 'everyone may change which keys are trusted',
    });
  });

  test('are not taken from the archive itself', async () => {
    const archive = join(scratch, 'folder');
    await mkdir(join(archive, 'packages'), { recursive: true });
    const inside = join(archive, 'packages', 'key.asc');
    await copyFile(await fileOf(await keyOf('good'), 'good.asc'), inside);
    await symlink(inside, join(scratch, 'led-inside.asc'));
    for (const file of [inside, join(scratch, 'led-inside.asc')])
      for (const loading of [
        loadTrustedKeys(archive, { trusted: [file], trustDirectory: '/nowhere', origin: undefined }),
        // The same disc under another name: where the program was started from.
        load([file], '/nowhere', archive),
      ])
        await expect(loading).rejects.toMatchObject({
          code: 'USAGE',
          where: file,
          message: 'a key that comes with the archive proves nothing',
        });
    // The disc that the program was started from may be out by now.
    expect(await load([join(scratch, 'good.asc')], '/nowhere', join(scratch, 'no-disc'))).toHaveLength(1);
  });

  test('have to be public keys', async () => {
    const secret = join(scratch, 'secret.asc');
    await writeFile(secret, '-----BEGIN PGP PRIVATE KEY BLOCK-----\n');
    await expect(load([secret])).rejects.toMatchObject({
      code: 'USAGE',
      where: secret,
      message: expect.stringContaining('this holds a secret key'),
    });
    await expect(load([join(scratch, 'nothing')])).rejects.toMatchObject({ code: 'USAGE' });
    await expect(load([scratch])).rejects.toMatchObject({ code: 'USAGE' });
  });
});

test('without gpgv, it says what to install', async () => {
  const key = await keyOf('good');
  const [what, file] = [await signed(key), await fileOf(key, 'good.asc')];
  vi.stubEnv('PATH', scratch);
  try {
    await expect(check(what, file)).rejects.toMatchObject({
      code: 'PREFLIGHT_FAILED',
      hint: 'Install it: package gnupg2 on Enterprise Linux, gpgv on Debian and Ubuntu.',
    });
  } finally {
    vi.unstubAllEnvs();
  }
});

test('without a place for temporary files, it says so', async () => {
  const key = await keyOf('good');
  const [what, file] = [await signed(key), await fileOf(key, 'good.asc')];
  vi.stubEnv('TMPDIR', join(scratch, 'none'));
  try {
    await expect(check(what, file)).rejects.toMatchObject({ code: 'PREFLIGHT_FAILED', where: join(scratch, 'none') });
  } finally {
    vi.unstubAllEnvs();
  }
});
