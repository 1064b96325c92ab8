import { createHash } from 'node:crypto';
import { chmod, chown, cp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrustedKey } from '../../src/archive/trusted-keys.ts';
import { discLayout } from '../../src/build/disc/disc-layout.ts';
import { imageHead } from '../../src/build/disc/image-head.ts';
import { trusted, verifyQuietly } from '../support/archive/corruption.ts';
import { withMount } from '../support/archive/with-mount.ts';
import { runWriteDisc } from '../support/disc/run-write-disc.ts';
import { sampleDisc } from '../support/disc/sample-disc.ts';
import { type SampleRequest, type Told, writeSample } from '../support/disc/write-sample.ts';
import { gpgHome, type TestKey } from '../support/gpg-home.ts';
import { directoryOfTests } from '../support/test-directory.ts';

/** Nobody special: not in the user database. */
const USER = 54_321;

const scratch = directoryOfTests();
let key: TestKey;
let keys: TrustedKey[];
let first: Told;
const home = gpgHome();

beforeAll(async () => {
  await chmod(scratch, 0o755);
  key = await (await home).makeKey('release');
  await writeFile(join(scratch, 'key.asc'), await key.publicKey());
  keys = await trusted(join(scratch, 'key.asc'));
  first = await runWriteDisc(
    { directory: at('first'), output: at('first.iso'), cache: at('cache'), key: key.fingerprint },
    { env: { ...(await home).env, TZ: 'UTC', LC_ALL: 'C' } },
  );
});
afterAll(async () => (await home).close());

const at = (...names: string[]) => join(scratch, ...names);
const never = new AbortController().signal;

async function write(request: SampleRequest): Promise<Told> {
  return writeSample(request, { env: { ...process.env, ...(await home).env }, stop: never });
}

test('the signed image is what verification takes, by ours and by the tools of every host', async () => {
  expect(first).toMatchObject({ outcome: 'written', output: at('first.iso') });
  const { stdout } = await execa('sha256sum', [at('first.iso')]);
  expect(stdout).toBe(`${first.sha256}  ${at('first.iso')}`);
  const files = await sampleDisc({ directory: at('again'), key: key.fingerprint });
  expect(await verifyQuietly(at('first.iso'), keys)).toMatchObject({
    version: '136.0.0',
    bytes: first.size,
    signer: { fingerprint: key.fingerprint },
    sums: files
      .map(({ path }) => path)
      .sort()
      .map((path) => ({ path })),
  });
  const record = JSON.parse(await readFile(at('first.iso.build.json'), 'utf8'));
  expect(record).toMatchObject({ kind: 'BuildRecord', disc: { sha256: first.sha256, signingKey: key.fingerprint } });
});

test('xorriso and the kernel of FUSE read back every file, all of root, with one date', async () => {
  const out = at('extracted');
  await execa('xorriso', ['-osirrox', 'on', '-indev', at('first.iso'), '-extract', '/', out]);
  await execa('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: out });
  await execa('gpg', ['--export', '--output', at('key.gpg'), key.fingerprint], { env: (await home).env });
  await execa('gpgv', ['--keyring', at('key.gpg'), join(out, 'SHA256SUMS.asc'), join(out, 'SHA256SUMS')]);
  await execa('chmod', ['-R', 'u+w', out]);

  const { stdout: listed } = await execa('xorriso', ['-indev', at('first.iso'), '-find', '/', '-exec', 'lsdl'], {
    env: { TZ: 'UTC' },
  });
  const lines = listed.split('\n').filter((line) => line.includes("'/"));
  expect(lines.length).toBeGreaterThan(40);
  for (const line of lines) expect(line).toMatch(/^(dr-xr-xr-x|-r--r--r--|-r-xr-xr-x) +\d+ 0 +0 +\d+ Jan {2}2 +2026 /);
  const executable = lines.filter((line) => line.startsWith('-r-xr-xr-x')).map((line) => line.split("'")[1]);
  expect(executable.sort()).toEqual(['/metalk8s', '/runtime/bin/node']);

  await withMount(at('first.iso'), scratch, (mount) =>
    execa('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: mount }),
  );
});

test('it is the same for another user, umask, time zone, locale, folder, order, dates, links, with an empty cache', async () => {
  const folder = at('of "another"\\ =user\n');
  await mkdir(folder);
  await cp((await home).env.GNUPGHOME, join(scratch, 'gpg'), {
    recursive: true,
    filter: (path) => !/\/S\.|\.lock$|\.#lk/.test(path),
  });
  await execa('chown', ['-R', `${USER}:${USER}`, folder, at('gpg')]);
  const user = ['setpriv', '--reuid', `${USER}`, '--regid', `${USER}`, '--clear-groups', '--no-new-privs'];
  const env = { GNUPGHOME: at('gpg'), HOME: folder, TZ: 'Asia/Kolkata', LC_ALL: 'tr_TR.UTF-8', SOURCE_DATE_EPOCH: '1' };
  const request = {
    directory: join(folder, 'sources'),
    output: 'x.iso',
    cache: join(folder, 'cache'),
    key: key.fingerprint,
    reversed: true,
    hardLinks: true,
    changed: 86_400,
  };
  try {
    const under = [...user, 'sh', '-c', 'umask 077; exec "$@"', 'sh'];
    expect(await runWriteDisc(request, { under, env, cwd: folder })).toMatchObject({ sha256: first.sha256 });
    await execa('cmp', [at('first.iso'), join(folder, 'x.iso')]);
  } finally {
    await execa('gpgconf', ['--kill', 'gpg-agent'], { env, reject: false });
  }
});

test('copies in place of links make no difference, a warm cache neither', async () => {
  const request = { directory: at('copies'), cache: at('cache'), key: key.fingerprint, hardLinks: false, changed: 1e9 };
  const { env } = await home;
  await runWriteDisc({ ...request, output: at('copies.iso') }, { env: { ...env, TZ: 'America/Lima' } });
  await execa('cmp', [at('first.iso'), at('copies.iso')]);
});

test('another epoch, volume id, key or content is another disc', async () => {
  const request = { directory: at('first'), cache: at('cache') };
  const sums = [first.sha256];
  for (const change of [{}, { epoch: 1_767_312_001 }, { volumeId: 'metalk8s-136.0.1' }, { salt: 'x' }])
    sums.push((await write({ ...request, ...change, output: at('other.iso'), force: true })).sha256);
  expect(new Set(sums).size).toBe(5);
});

test('an output that is there is left alone, unless it is this very disc or by force', async () => {
  const request = { directory: at('first'), output: at('first.iso'), cache: at('cache'), key: key.fingerprint };
  const upToDate = { outcome: 'up-to-date', sha256: first.sha256, size: first.size, told: ['unchanged'] };
  const before = await readFile(at('first.iso.build.json'), 'utf8');
  expect(await write(request)).toMatchObject(upToDate);
  const forgetful = { ...request, cache: at('empty cache') };
  expect(await write(forgetful)).toMatchObject(upToDate);
  expect(await readFile(at('first.iso.build.json'), 'utf8')).toBe(before);

  const refused = { code: 'USAGE', where: at('first.iso'), hint: expect.stringContaining('--force') };
  expect(await write({ ...request, salt: 'other' })).toMatchObject(refused);
  const image = await readFile(at('first.iso'));
  for (const position of [40, 40_000, image.length - 1]) {
    const changed = Buffer.from(image);
    changed[position] = (changed[position] ?? 0) ^ 1;
    await writeFile(at('first.iso'), changed);
    expect(await write(request), `changed at ${position}`).toMatchObject(refused);
    await rm(at('empty cache'), { recursive: true });
    expect(await write(forgetful), `changed at ${position}`).toMatchObject(refused);
  }
  await truncate(at('first.iso'), image.length - 2048);
  expect(await write(request)).toMatchObject(refused);
  expect(await write({ ...request, force: true })).toMatchObject({
    outcome: 'written',
    sha256: first.sha256,
  });
  expect((await readFile(at('first.iso'))).equals(image)).toBe(true);
});

test('what the cache says an image came to is taken only when it is whole and fits', async () => {
  const cache = at('known');
  const request = { directory: at('first'), output: at('known.iso'), cache, key: key.fingerprint, force: true };
  await write(request);
  const [name = ''] = await readdir(join(cache, 'discs'));
  const record = join(cache, 'discs', name);
  const [, text = ''] = (await readFile(record, 'utf8')).split('\n');
  const known = JSON.parse(text);
  const checked = (value: unknown) => {
    const changed = JSON.stringify(value);
    return `${createHash('sha256').update(changed).digest('hex')}\n${changed}`;
  };
  const other = 'f'.repeat(64);
  for (const content of [
    'rotten',
    checked(known).replace(known.signed, other),
    checked({ ...known, seal: other, sums: { ...known.sums, whole: other } }),
  ]) {
    await writeFile(record, content);
    expect(await write(request)).toMatchObject({ outcome: 'written', sha256: first.sha256 });
    await execa('cmp', [at('first.iso'), at('known.iso')]);
  }
});

test('parts are joined by cat, checked by sha256sum, and appear as a whole', async () => {
  await mkdir(at('parts'));
  const request = { directory: at('first'), output: at('parts', 'x.iso'), cache: at('cache'), key: key.fingerprint };
  const inParts = { ...request, split: 1_500_001 };
  const told = await write(inParts);
  const parts = ['x.iso.001', 'x.iso.002', 'x.iso.003'];
  expect(told).toMatchObject({ outcome: 'written', output: at('parts', 'x.iso.parts'), sha256: first.sha256, parts });
  expect((await readdir(at('parts'))).sort()).toEqual(['x.iso.parts', 'x.iso.parts.build.json']);
  const folder = at('parts', 'x.iso.parts');
  expect((await readdir(folder)).sort()).toEqual(['SHA256SUMS', ...parts]);
  await execa('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: folder });
  const { stdout } = await execa('sh', ['-c', 'cat x.iso.0* | sha256sum'], { cwd: folder });
  expect(stdout).toBe(`${first.sha256}  -`);

  expect(await write(inParts)).toMatchObject({ outcome: 'up-to-date', parts });
  expect(await write({ ...inParts, cache: at('no cache') })).toMatchObject({ outcome: 'up-to-date' });
  await writeFile(join(folder, 'x.iso.004'), 'extra');
  expect(await write(inParts)).toMatchObject({ code: 'USAGE', where: folder });
  expect(await write({ ...inParts, force: true })).toMatchObject({ outcome: 'written' });
  expect((await readdir(folder)).sort()).toEqual(['SHA256SUMS', ...parts]);
  expect((await readdir(at('parts'))).sort()).toEqual(['x.iso.parts', 'x.iso.parts.build.json']);
  expect(await write({ ...request, split: 3000 })).toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('at most 999'),
  });
});

test('a file above 4 GiB has its place, and the head in the cache is made anew when it has rotted', async () => {
  const sizes = [5 * 2 ** 30, 2 ** 32 - 1, 2 ** 32, 7];
  const files = sizes.map((size, index) => {
    const sha256 = createHash('sha256').update(`${index}`).digest('hex');
    return { path: `images/${index}`, source: { file: `/nowhere/${index}`, sha256, size } };
  });
  const { env } = process;
  const context = { cache: at('large'), concurrency: 1, epoch: 1e9, stop: never, env };
  const request = { layout: discLayout(files), volumeId: 'large', xorriso: '1' };
  const { bytes, size } = await imageHead(request, context);
  await writeFile(at('large.iso'), bytes);
  await truncate(at('large.iso'), size);
  const { stdout } = await execa('xorriso', ['-indev', at('large.iso'), '-find', '/images', '-exec', 'report_lba']);
  const start = bytes.length / 2048;
  const found = [...stdout.matchAll(/lba: +(\d+) , +(\d+) , +\d+ , +(\d+) , '(.+)'/g)].map((match) => match.slice(1));
  expect(found).toEqual([
    ['0', `${start}`, `${sizes[0]}`, '/images/0'],
    ['1', `${start + 2_097_151}`, `${sizes[0]}`, '/images/0'],
    ['0', `${start + 2_621_440}`, `${sizes[1]}`, '/images/1'],
    ['0', `${start + 4_718_592}`, `${sizes[2]}`, '/images/2'],
    ['1', `${start + 6_815_743}`, `${sizes[2]}`, '/images/2'],
    ['0', `${start + 6_815_744}`, '7', '/images/3'],
  ]);

  const [entry = ''] = await readdir(at('large', 'disc-head'));
  await writeFile(at('large', 'disc-head', entry, 'head'), Buffer.alloc(bytes.length));
  expect(Buffer.from((await imageHead(request, context)).bytes).equals(bytes)).toBe(true);
});

test('a folder that may not be written to is told before anything is done', async () => {
  await mkdir(at('locked'), { mode: 0o555 });
  await mkdir(at('own'));
  await chown(at('own'), USER, USER);
  const under = ['setpriv', '--reuid', `${USER}`, '--clear-groups'];
  const request = { directory: at('own', 's'), output: at('locked', 'x.iso'), cache: at('own', 'cache') };
  expect(await runWriteDisc(request, { under })).toMatchObject({
    code: 'USAGE',
    message: 'the output may not be written to',
    where: at('locked'),
  });
});
