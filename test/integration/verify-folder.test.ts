import { chmod, link, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openArchive } from '../../src/archive/open-archive.ts';
import type { TrustedKey } from '../../src/archive/trusted-keys.ts';
import { discPaths } from '../../src/disc/paths.ts';
import { chooseFlips, refusalOf, verifyQuietly, withFlip } from '../support/archive/corruption.ts';
import { type DiscGround, discGround } from '../support/archive/disc-ground.ts';
import { makeDisc, someFiles } from '../support/archive/signed-disc.ts';
import { withMount } from '../support/archive/with-mount.ts';
import type { TestKey } from '../support/gpg-home.ts';

const header = 'The archive is not what was signed:';
const blob = `${discPaths.blobs}/${'a'.repeat(64)}`;
const entry = discPaths.cliEntry;

let scratch: string;
let disc: { readonly tree: string; readonly image: string };
let copy: string;
let key: TestKey;
let keys: TrustedKey[];
let ground: DiscGround;

beforeAll(async () => {
  ground = await discGround();
  ({ scratch, disc, key, keys } = ground);
});
afterAll(() => ground.close());

beforeEach(async () => {
  copy = join(scratch, 'copy');
  await execa('cp', ['-r', disc.tree, copy]);
});
afterEach(() => rm(copy, { recursive: true, force: true }));

test('a mounted image is accepted, and so are copies of it by anyone', async () => {
  await withMount(disc.image, scratch, async (mount) => {
    await expect(verifyQuietly(mount, keys)).resolves.toMatchObject({ version: '136.0.0' });
    for (const umask of ['022', '002', '077']) {
      const target = join(scratch, `by-cp-${umask}`);
      await execa('sh', ['-c', 'umask "$1" && cp -r "$2" "$3"', 'sh', umask, mount, target]);
      expect(await refusalOf(target, keys), umask).toBeUndefined();
      await execa('chmod', ['-R', 'u+w', target]);
      expect(await refusalOf(target, keys), `${umask}, writable`).toBeUndefined();
    }
  });
});

test('tells files and bytes, and that the list may lack its signature', async () => {
  const { bytes, sums, signer } = await verifyQuietly(copy, keys);
  const files = Object.values(someFiles({ key }));
  const listed = await Promise.all([discPaths.sums, discPaths.sumsSignature].map((path) => readFile(join(copy, path))));
  expect(bytes).toBe([...files, ...listed].reduce((sum, content) => sum + Buffer.byteLength(content), 0));
  expect(sums).toHaveLength(files.length);
  expect(signer.fingerprint).toBe(key.fingerprint);
  await rm(join(copy, discPaths.sumsSignature));
  expect(await refusalOf(copy, keys)).toBe('the archive is intact but not signed: anybody may have made it');
  await truncate(join(copy, entry), 1);
  expect(await refusalOf(copy, keys)).toContain(`${entry}: changed`);
});

const at = (path: string) => join(copy, path);
const tampering: Readonly<Record<string, readonly [() => Promise<unknown>, string]>> = {
  'a missing file': [() => rm(at(entry)), `${entry}: missing`],
  'a missing folder': [() => rm(at('salt'), { recursive: true }), 'salt/a/b/c/d/e/f/g/h/i/deep.sls: missing'],
  'a changed file': [
    () => writeFile(at(blob), 'x'),
    `${blob}: changed: its SHA-256 is 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881, and `,
  ],
  'an emptied file': [() => truncate(at(entry), 0), `${entry}: changed`],
  'an extra file': [() => writeFile(at('cli/extra.js'), '', { mode: 0o444 }), 'cli/extra.js: an extra file'],
  'a hidden file': [() => writeFile(at('.x'), '', { mode: 0o444 }), '.x: an extra file'],
  'a renamed file': [
    () => rename(at(entry), at('cli/bin/MetalK8s.js')),
    `cli/bin/MetalK8s.js: an extra file\n${entry}: missing`,
  ],
  'an extra empty folder': [() => mkdir(at('images/blobs/sha512')), 'images/blobs/sha512: an extra folder'],
  'a renamed folder': [() => rename(at('cli'), at('CLI')), `CLI: an extra folder\n${entry}: missing`],
  'a look-alike name': [() => writeFile(at('сli'), ''), '"сli": an extra file'],
  'a name that turns the writing': [() => writeFile(at('cli/\u202esj.exe'), ''), '"cli/\u202esj.exe": an extra file'],
  'a name that is no text': [
    () => execa('sh', ['-c', `touch "$(printf '%s/\\377' "$1")"`, 'sh', copy]),
    '"\ufffd": an extra file',
  ],
  'a name with a line feed': [() => writeFile(at('a\nb'), ''), '"a\\nb": an extra file'],
  'a link instead of a file': [
    () => exchange(entry, (path) => symlink(join(disc.tree, entry), path)),
    `${entry}: a symbolic link`,
  ],
  'a link within the tree': [() => symlink('metalk8s', at('cli/link')), 'cli/link: a symbolic link'],
  'a link instead of a folder': [
    () => exchange('cli', (path) => symlink(join(disc.tree, 'cli'), path)),
    'cli: a symbolic link',
  ],
  'a hard link to elsewhere': [
    () => link(at(entry), join(scratch, 'elsewhere')),
    `${entry}: a hard link: the file has a name elsewhere`,
  ],
  'a pipe': [() => exchange(entry, (path) => execa('mkfifo', [path])), `${entry}: a device, pipe or socket`],
  'a device': [
    () => exchange(entry, (path) => execa('mknod', [path, 'c', '1', '5'])),
    `${entry}: a device, pipe or socket`,
  ],
  'a file that runs as its owner': [
    () => chmod(at('metalk8s'), 0o4755),
    'metalk8s: mode 4755 lets it run as someone else',
  ],
  'a file that runs as its group': [() => chmod(at('metalk8s'), 0o2755), 'metalk8s: mode 2755'],
  'a file that everyone may change': [
    () => chmod(at(entry), 0o666),
    `${entry}: mode 0666 lets others than its owner change it`,
  ],
  'a folder that everyone may change': [() => chmod(at('cli'), 0o777), 'cli: mode 0777 lets others'],
  'an executable that should be none': [() => chmod(at(entry), 0o755), `${entry}: mode 0755: executable`],
  'a runtime that cannot be started': [
    () => chmod(at(discPaths.node), 0o644),
    `${discPaths.node}: mode 0644: not executable`,
  ],
  'a root that everyone may change': [() => chmod(copy, 0o777), 'everyone may change what is in the folder'],
};

describe('refuses by name', () => {
  test.each(Object.entries(tampering))('%s', async (_what, [tamper, message]) => {
    await tamper();
    expect(await refusalOf(copy, keys)).toContain(`${header}\n${message}`);
    await rm(join(scratch, 'elsewhere'), { force: true });
  });
});

async function exchange(path: string, make: (path: string) => Promise<unknown>): Promise<void> {
  await rm(at(path), { recursive: true });
  await make(at(path));
}

test('everything is told at once, the first twenty by name', async () => {
  for (let number = 0; number < 25; number++) await writeFile(at(`extra-${number}`), '', { mode: 0o444 });
  await rm(at(entry));
  const lines = (await refusalOf(copy, keys))?.split('\n') ?? [];
  expect(lines.slice(0, 2)).toEqual([header, `${entry}: missing`]);
  expect(lines).toHaveLength(22);
  expect(lines.at(-1)).toBe('and 6 more');
  await expect(verifyQuietly(copy, keys)).rejects.toMatchObject({
    faults: expect.objectContaining({ length: 26 }),
  });
});

describe('the list of sums', () => {
  test.each([discPaths.sums, discPaths.sumsSignature])('every flipped bit in %s is refused', async (path) => {
    const { length } = await readFile(at(path));
    for (let position = 0; position < length; position += Math.ceil(length / 25)) {
      const flip = { position, bit: position % 8, region: path };
      expect(await withFlip(at(path), flip, () => refusalOf(copy, keys)), `${position}`).toBeDefined();
    }
  });

  test('missing, the folder is no archive', async () => {
    await rm(at(discPaths.sums));
    expect(await refusalOf(copy, keys)).toBe('this is no archive of metalk8s: it has no SHA256SUMS');
  });

  test('a link to another list is not followed', async () => {
    await exchange(discPaths.sums, (path) => symlink(join(disc.tree, discPaths.sums), path));
    expect(await refusalOf(copy, keys)).toContain(`${discPaths.sums}: a symbolic link`);
  });

  test('signed by another key, it is refused', async () => {
    const other = await ground.home.makeKey('other');
    await makeDisc(join(scratch, 'other'), { key: other });
    expect(await refusalOf(join(scratch, 'other', 'tree'), keys)).toContain(`signed by the key ${other.fingerprint}`);
  });
});

test('flipped bits in files are refused', async () => {
  const { length } = await readFile(at(blob));
  const flips = (await chooseFlips(disc.image, { aimed: 0, anywhere: 10 })).map(({ position, bit }) => ({
    position: position % length,
    bit,
    region: blob,
  }));
  for (const flip of flips)
    expect(await withFlip(at(blob), flip, () => refusalOf(copy, keys))).toContain(`${blob}: changed`);
});

test('a folder that is exchanged while it is read leads nowhere else', async () => {
  const archive = await openArchive(copy);
  try {
    await archive.list();
    await rename(at('cli'), join(scratch, 'moved'));
    await symlink(join(disc.tree, 'runtime'), at('cli'));
    const parts: Buffer[] = [];
    await archive.stream(entry, (part) => void parts.push(Buffer.from(part)));
    expect(Buffer.concat(parts).toString()).toBe('console.log(1);\n');
    await expect(archive.stream('cli/node', () => {})).rejects.toThrow('cli/node: missing');
  } finally {
    await archive.close();
    await rm(join(scratch, 'moved'), { recursive: true });
  }
});
