import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPublicKeys } from '../../src/disc/openpgp/public-key.ts';
import { signerOf } from '../support/build/signer-of.ts';
import { gpgHome, KEYS_MADE, type TestKey } from '../support/gpg-home.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const DAY = 86_400;
const EPOCH = KEYS_MADE + 10 * DAY;
const CONTENT = Buffer.from('content\n');
const TEXT = 'a passphrase';

type Home = Awaited<ReturnType<typeof gpgHome>>;

let home: Home;
let key: TestKey;
let env: Record<string, string | undefined>;

beforeAll(async () => {
  home = await gpgHome();
  env = { ...process.env, ...home.env };
  key = await home.makeKey('release');
});
afterAll(() => home.close());

const open = (wanted: string, epoch = EPOCH) => signerOf(wanted, { epoch, env });
const gpg = (...words: string[]) =>
  execa('gpg', ['--batch', '--quiet', '--no-tty', '--pinentry-mode', 'loopback', '--passphrase', '', ...words], {
    env: home.env,
    stdin: 'ignore',
  });

/** Adds a subkey, and gives its fingerprint. */
async function addSubkey(primary: TestKey, algorithm: string, usage: string, at = KEYS_MADE): Promise<string> {
  await gpg('--faked-system-time', `${at}!`, '--quick-add-key', primary.fingerprint, algorithm, usage, 'never');
  const { stdout } = await gpg('--with-colons', '--list-keys', primary.fingerprint);
  return [...stdout.matchAll(/^fpr:+([0-9A-F]{40}):/gm)].at(-1)?.[1] ?? '';
}

/** What gpgv, with nothing but the public key of the signer, tells of a signature. */
async function verified(signature: Uint8Array, binary: Uint8Array): Promise<string> {
  return inTemporaryDirectory(async (directory) => {
    const paths = ['key.gpg', 'content.asc', 'content'].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(paths[0], binary);
    await writeFile(paths[1], signature);
    await writeFile(paths[2], CONTENT);
    return (await execa('gpgv', ['--status-fd', '1', '--keyring', ...paths])).stdout;
  });
}

test('signatures are dated at the epoch, the same each time, whatever gpg.conf says, and gpgv takes them', async () => {
  const signer = await open('release@metalk8s.test');
  expect(signer.fingerprint).toBe(key.fingerprint);
  const first = await signer.sign(CONTENT);
  await writeFile(join(home.env.GNUPGHOME, 'gpg.conf'), 'digest-algo SHA1\ncomment hello\nsig-notation a@b.c=d\n');
  expect((await (await open(key.fingerprint.toLowerCase())).sign(CONTENT)).toString()).toBe(first.toString());
  await rm(join(home.env.GNUPGHOME, 'gpg.conf'));
  const { binary, armoured } = signer.publicKey;
  const status = await verified(first, binary);
  expect(status).toContain(`VALIDSIG ${key.fingerprint} 2026-01-11 ${EPOCH} 0 4 0 1 8 00 ${key.fingerprint}`);
  expect(readPublicKeys(armoured)).toEqual(readPublicKeys(binary));
});

test('the trust database of the user is left alone', async () => {
  await open('release@metalk8s.test');
  const before = await readFile(join(home.env.GNUPGHOME, 'trustdb.gpg'));
  await (await open('release@metalk8s.test', EPOCH + DAY)).sign(CONTENT);
  expect(await readFile(join(home.env.GNUPGHOME, 'trustdb.gpg'))).toEqual(before);
});

test('a program that calls gpg itself gets what makes the same signature', async () => {
  const signer = await open(key.fingerprint);
  const signature = await signer.withGnupg(async ({ env: own, arguments: words, localUser }) => {
    expect(words.filter((word) => word.includes(' '))).toEqual([]);
    const all = [...words, '--armor', '--local-user', localUser, '--detach-sign'];
    return (await execa('gpg', all, { env: own, input: CONTENT, stripFinalNewline: false })).stdout;
  });
  expect(signature).toBe(Buffer.from(await signer.sign(CONTENT)).toString());
});

test('a subkey signs where the primary key does not, under the fingerprint of the primary key', async () => {
  const { stdout } = await gpg(
    ...['--faked-system-time', `${KEYS_MADE}!`, '--status-fd', '1'],
    ...['--quick-generate-key', 'subkeys <subkeys@metalk8s.test>', 'rsa3072', 'cert', 'never'],
  );
  const fingerprint = /KEY_CREATED P ([0-9A-F]{40})/.exec(stdout)?.[1] ?? '';
  await expect(open(fingerprint)).rejects.toThrow('this key is not for signing');
  const primary = { ...key, fingerprint };
  const old = await addSubkey(primary, 'rsa3072', 'sign');
  const young = await addSubkey(primary, 'rsa4096', 'sign', KEYS_MADE + DAY);
  await addSubkey(primary, 'ed25519', 'sign', KEYS_MADE + 2 * DAY);
  for (const [wanted, expected] of [
    [fingerprint, young],
    [old, old],
  ] as const) {
    const signer = await open(wanted);
    expect(signer.fingerprint).toBe(fingerprint);
    const status = await verified(await signer.sign(CONTENT), signer.publicKey.binary);
    expect(status).toMatch(new RegExp(`VALIDSIG ${expected} .* ${fingerprint}$`, 'm'));
  }
  // The newest one is not there yet at this date.
  const status = await (await open(fingerprint, KEYS_MADE + 100)).withGnupg(async ({ localUser }) => localUser);
  expect(status).toBe(`${old}!`);
});

test('keys that a site could not trust are refused, each with its reason', async () => {
  const short = await home.makeKey('short', { algorithm: 'rsa2048' });
  await expect(open(short.fingerprint)).rejects.toMatchObject({
    code: 'PREFLIGHT_FAILED',
    message: 'the signing key cannot be used: this key has 2048 bits, fewer than 3072',
    where: short.fingerprint,
  });
  const curve = await home.makeKey('curve', { algorithm: 'ed25519' });
  await expect(open(curve.fingerprint)).rejects.toThrow('this key is not RSA');

  const over = await home.makeKey('over', { expires: '5d' });
  await expect(open(over.fingerprint)).rejects.toThrow('this key has expired on 2026-01-06T00:00:00Z');
  expect((await open(over.fingerprint, KEYS_MADE + 4 * DAY)).fingerprint).toBe(over.fingerprint);

  const revoked = await home.makeKey('revoked');
  await revoked.revoke();
  await expect(open(revoked.fingerprint)).rejects.toThrow('this key is revoked');

  await expect(open(key.fingerprint, KEYS_MADE - 1)).rejects.toMatchObject({
    message: expect.stringContaining(
      'was made on 2026-01-01T00:00:00Z, after the date of the disc, 2025-12-31T23:59:59Z',
    ),
    hint: expect.stringContaining(`Set SOURCE_DATE_EPOCH to ${KEYS_MADE} or later`),
  });
  await expect(open(key.fingerprint, Math.floor(Date.now() / 1000) + DAY)).rejects.toThrow('is still to come');
});

test('a key that vouches for itself with SHA-1 is refused', async () => {
  const { stdout } = await gpg(
    ...['--cert-digest-algo', 'SHA1', '--faked-system-time', `${KEYS_MADE}!`, '--status-fd', '1'],
    ...['--quick-generate-key', 'sha1 <sha1@metalk8s.test>', 'rsa3072', 'sign', 'never'],
  );
  const fingerprint = /KEY_CREATED P ([0-9A-F]{40})/.exec(stdout)?.[1] ?? '';
  await expect(open(fingerprint)).rejects.toMatchObject({
    message: expect.stringContaining('vouches for itself with SHA-1'),
    hint: expect.stringContaining('--quick-set-expire'),
  });
  await gpg('--cert-digest-algo', 'SHA256', '--quick-set-expire', fingerprint, '0');
  expect((await open(fingerprint)).fingerprint).toBe(fingerprint);
});

test('no key and several are wrong usage, whatever they are called', async () => {
  for (const wanted of ['nobody', '', ' ', '--export-secret-keys', '-x', 'a\nb', 'F'.repeat(40)])
    await expect(open(wanted), wanted).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/^there is no secret key/),
    });
  await home.makeKey('twin', { at: KEYS_MADE });
  await home.makeKey('twin.other', { at: KEYS_MADE });
  await expect(open('twin')).rejects.toMatchObject({
    code: 'USAGE',
    message: '2 secret keys match "twin"',
    hint: expect.stringContaining('twin.other <twin.other@metalk8s.test>'),
  });
});

test('a passphrase that nobody can type is an error, not a wait', async () => {
  await gpg(
    ...['--passphrase', TEXT, '--faked-system-time', `${KEYS_MADE}!`],
    ...['--quick-generate-key', 'locked <locked@metalk8s.test>', 'rsa3072', 'sign', 'never'],
  );
  await execa('gpgconf', ['--kill', 'gpg-agent'], { env: home.env });
  await writeFile(join(home.env.GNUPGHOME, 'gpg-agent.conf'), 'pinentry-program /nowhere/pinentry\n');
  try {
    await expect(open('locked@metalk8s.test')).rejects.toMatchObject({
      code: 'STEP_FAILED',
      message: 'gpg cannot sign with the key of locked <locked@metalk8s.test>',
      hint: expect.stringContaining('Unlock the key first'),
      cause: expect.objectContaining({ message: expect.stringContaining('signing failed') }),
    });
  } finally {
    await rm(join(home.env.GNUPGHOME, 'gpg-agent.conf'));
    await execa('gpgconf', ['--kill', 'gpg-agent'], { env: home.env });
  }
});

test('a key that only its public half is of is not there', async () => {
  const other = await gpgHome();
  try {
    await writeFile(join(other.env.GNUPGHOME, 'key.asc'), await key.publicKey());
    await execa('gpg', ['--batch', '--quiet', '--import', join(other.env.GNUPGHOME, 'key.asc')], { env: other.env });
    const work = signerOf(key.fingerprint, { epoch: EPOCH, env: { ...process.env, ...other.env } });
    await expect(work).rejects.toThrow('there is no secret key');
    expect(await readdir(other.env.GNUPGHOME)).not.toContain('gpg.conf');
  } finally {
    await other.close();
  }
});
