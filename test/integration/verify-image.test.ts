import { appendFile, copyFile, mkdir, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TrustedKey } from '../../src/archive/trusted-keys.ts';
import { IMAGE_HEADER_SIZE } from '../../src/disc/image-header.ts';
import { discPaths } from '../../src/disc/paths.ts';
import { chooseFlips, refusalOf, trusted, verifyQuietly, withCuts, withFlip } from '../support/archive/corruption.ts';
import { type DiscGround, discGround } from '../support/archive/disc-ground.ts';
import {
  type DiscOptions,
  makeDisc,
  signImage,
  someFiles,
  writeImage,
  writeTree,
} from '../support/archive/signed-disc.ts';
import type { TestKey } from '../support/gpg-home.ts';
import { provideLoopDevices } from '../support/hosts/loop-devices.ts';

let scratch: string;
let image: string;
let key: TestKey;
let keys: TrustedKey[];
let ground: DiscGround;

beforeAll(async () => {
  ground = await discGround();
  ({ scratch, key, keys } = ground);
  ({ image } = ground.disc);
});
afterAll(() => ground.close());

async function copied(name: string): Promise<string> {
  const copy = join(scratch, name);
  await copyFile(image, copy);
  return copy;
}

test('a signed image is accepted, and tells what it is and who signed it', async () => {
  const { size } = await stat(image);
  expect(await verifyQuietly(image, keys)).toMatchObject({
    version: '136.0.0',
    kubernetes: '1.36.3',
    bytes: size,
    signer: { fingerprint: key.fingerprint, name: 'release <release@metalk8s.test>', warnings: [] },
    sums: Object.keys(someFiles())
      .sort()
      .map((path) => ({ path })),
  });
});

test('a symbolic link to an image is followed, as by every other tool', async () => {
  const link = join(scratch, 'link.iso');
  await symlink(image, link);
  await expect(verifyQuietly(link, keys)).resolves.toMatchObject({ version: '136.0.0' });
});

test('60 flipped bits, 20 of them outside the contents of files: all refused', async () => {
  const copy = await copied('flipped.iso');
  const flips = await chooseFlips(copy, { aimed: 20, anywhere: 40 });
  expect(flips.filter(({ region }) => region === 'file system').length).toBeGreaterThanOrEqual(10);
  const accepted = [];
  for (const flip of flips)
    if ((await withFlip(copy, flip, () => refusalOf(copy, keys))) === undefined) accepted.push(flip);
  expect(accepted).toEqual([]);
  expect(await refusalOf(copy, keys)).toBeUndefined();
});

test('12 cuts, one of them of a single byte: all refused', async () => {
  const copy = await copied('cut.iso');
  await withCuts(copy, 12, async (length) => {
    expect(await refusalOf(copy, keys), `cut to ${length} bytes`).toMatch(
      /^(?:the image is cut off: it has \d+ of \d+ bytes|this is no archive of metalk8s|the header of the image is damaged)/,
    );
  });
});

test('bytes behind the image are refused in a file, and do not count on a device', async () => {
  const copy = await copied('longer.iso');
  await appendFile(copy, Buffer.alloc(4096, 'old'));
  expect(await refusalOf(copy, keys)).toMatch(/^the image is too long: \d+ bytes, and \d+ were signed$/);
  await withLoopDevice(copy, async (device) => {
    await expect(verifyQuietly(device, keys)).resolves.toMatchObject({ version: '136.0.0' });
  });
  await truncate(copy, 1_000_448);
  await withLoopDevice(copy, async (device) => {
    expect(await refusalOf(device, keys)).toMatch(/^the image is cut off: it has 1000448 of \d+ bytes$/);
  });
});

test('an image in parts is verified as it is, unless one is missing or they are mixed up', async () => {
  const folder = join(scratch, 'disc.iso.parts');
  await mkdir(folder);
  await execa('split', ['-b', '700k', '-d', '-a', '3', '--numeric-suffixes=1', image, join(folder, 'disc.iso.')]);
  const part = (number: number) => join(folder, `disc.iso.00${number}`);
  await expect(verifyQuietly(folder, keys)).resolves.toMatchObject({ version: '136.0.0' });
  await expect(verifyQuietly(part(1), keys)).resolves.toMatchObject({ version: '136.0.0' });
  expect(await refusalOf(part(2), keys)).toBe(
    'this is no archive of metalk8s: an image begins with "metalk8s-image 1"',
  );
  await rename(part(2), join(folder, 'aside'));
  expect(await refusalOf(folder, keys)).toMatch(/^the image is cut off: it has 716800 of \d+ bytes$/);
  await rename(part(3), part(2));
  await rename(join(folder, 'aside'), part(3));
  expect(await refusalOf(folder, keys)).toMatch(/^the image was changed/);
});

async function withLoopDevice(file: string, act: (device: string) => Promise<void>): Promise<void> {
  await provideLoopDevices();
  const { stdout: device } = await execa('losetup', ['--find', '--show', '--read-only', file]);
  try {
    await act(device);
  } finally {
    await execa('losetup', ['--detach', device]);
  }
}

test('an image that nobody signed is read to its end, and then refused', async () => {
  const copy = await copied('unsigned.iso');
  await signImage(copy, {});
  expect(await refusalOf(copy, keys)).toBe('the archive is intact but not signed: anybody may have made it');
  expect(await refusalOf(copy, [])).toBe('the archive is intact but not signed: anybody may have made it');
  const flip = { position: IMAGE_HEADER_SIZE + 5000, bit: 3, region: '' };
  expect(await withFlip(copy, flip, () => refusalOf(copy, keys))).toMatch(/^the image was changed: its SHA-256 is/);
});

test('another key is refused by name, and no key at all is a mistake of the caller', async () => {
  const other = await ground.home.makeKey('other');
  const copy = await copied('other.iso');
  await signImage(copy, { key: other });
  expect(await refusalOf(copy, keys)).toBe(
    `signed by the key ${other.fingerprint}, which is not trusted here; trusted: ${key.fingerprint} (${join(scratch, 'key.asc')})`,
  );
  await expect(verifyQuietly(image, [])).rejects.toMatchObject({
    code: 'USAGE',
    message: `no key is trusted, so the signature by ${key.fingerprint} says nothing`,
    hint: expect.stringContaining('/etc/metalk8s/trust'),
  });
});

test('the header of another image, signed by the same key, is refused', async () => {
  const files = { ...someFiles({ key }), [discPaths.cliEntry]: 'console.log(2);\n' };
  const { image: other } = await makeDisc(join(scratch, 'donor'), { key }, files);
  const copy = await copied('exchanged.iso');
  await execa('dd', [`if=${other}`, `of=${copy}`, `bs=${IMAGE_HEADER_SIZE}`, 'count=1', 'conv=notrunc', 'status=none']);
  expect(await refusalOf(copy, keys)).toMatch(
    /^the image was changed: its SHA-256 is [0-9a-f]{64}, and [0-9a-f]{64} was/,
  );
});

test('an older release than wanted is refused', async () => {
  await expect(verifyQuietly(image, keys, '136.0.0')).resolves.toBeDefined();
  await expect(verifyQuietly(image, keys, '136.0.1')).rejects.toMatchObject({
    code: 'VERIFICATION_FAILED',
    message: 'version 136.0.0 is older than 136.0.1, which is wanted at least',
  });
});

describe('an image that was made wrongly is refused, although it is as it was signed', () => {
  const wrongly = 'The image is as it was signed, but was made wrongly:';
  const change: Readonly<Record<string, (directory: string) => Promise<unknown>>> = {
    'an extra file': (at) => writeFile(join(at, 'extra'), 'x', { mode: 0o444 }),
    'a missing file': (at) => rm(join(at, discPaths.cliEntry)),
    'a link': (at) => symlink('metalk8s', join(at, 'link')),
    'a pipe': (at) => execa('mkfifo', [join(at, 'pipe')]),
    'another volume id': async () => {},
    'no signature of the list': (at) => rm(join(at, discPaths.sumsSignature)),
  };
  const cases: readonly (readonly [string, string, DiscOptions])[] = [
    ['an extra file', 'extra: an extra file', {}],
    ['a missing file', `${discPaths.cliEntry}: missing`, {}],
    ['a link', 'link: a symbolic link', {}],
    ['a pipe', 'pipe: a device, pipe or socket', {}],
    ['another volume id', 'its volume is called X, and holds version 136.0.0', { volumeId: 'X' }],
    ['no signature of the list', `${discPaths.sumsSignature}: missing`, {}],
  ];
  test.each(cases)('%s', async (what, message, options) => {
    const directory = join(scratch, what.replaceAll(' ', '-'));
    await writeTree(directory, someFiles({ key }), { key });
    await change[what]?.(directory);
    await writeImage(directory, `${directory}.iso`, { key, ...options });
    const refusal = await refusalOf(`${directory}.iso`, keys);
    expect(refusal).toContain(message);
    expect(refusal).toMatch(/^(?:The image is as it was signed, but was made wrongly|The archive cannot be read):/);
  });

  test('a list that another key signed', async () => {
    const other = await ground.home.makeKey('second');
    await writeFile(join(scratch, 'second.asc'), await other.publicKey());
    const directory = join(scratch, 'second');
    await writeTree(directory, someFiles({ key }), { key: other });
    await writeImage(directory, `${directory}.iso`, { key });
    const both = [...keys, ...(await trusted(join(scratch, 'second.asc')))];
    expect(await refusalOf(`${directory}.iso`, both)).toContain(
      `${wrongly}\nits list of sums is signed by another key`,
    );
    expect(await refusalOf(`${directory}.iso`, keys)).toContain(other.fingerprint);
  });

  test('a description that names another key', async () => {
    const directory = join(scratch, 'names-another');
    await writeTree(directory, someFiles({}), { key });
    await writeImage(directory, `${directory}.iso`, { key });
    expect(await refusalOf(`${directory}.iso`, keys)).toBe(
      `it names the key null, and the archive is signed by ${key.fingerprint}`,
    );
  });
});

test.each([
  ['an empty file', ''],
  ['text', 'metalk8s'],
  ['an ISO of someone else', Buffer.alloc(100_000)],
])('%s is no archive', async (what, content) => {
  const path = join(scratch, what);
  await writeFile(path, content);
  expect(await refusalOf(path, keys)).toMatch(/^(?:this is no archive of metalk8s|the header of the image is damaged)/);
});

test('what is neither file, folder nor device is a mistake of the caller', async () => {
  await execa('mkfifo', [join(scratch, 'pipe')]);
  await expect(verifyQuietly(join(scratch, 'pipe'), keys)).rejects.toMatchObject({ code: 'USAGE' });
  await expect(verifyQuietly(join(scratch, 'nothing'), keys)).rejects.toMatchObject({ code: 'USAGE' });
});
