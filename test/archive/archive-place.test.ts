import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { archivePlace, type MountTables } from '../../src/archive/archive-place.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const ROOT = '22 1 253:0 / / rw,relatime shared:1 - xfs /dev/mapper/rl-root rw';

interface Given {
  readonly mounts?: readonly string[];
  readonly fstab?: string;
  readonly backing?: string;
  readonly removable?: readonly string[];
  readonly cleared?: readonly string[];
}

function tables({ mounts = [], fstab = '', backing, removable = [], cleared = [] }: Given): MountTables {
  return {
    mountinfo: async () => `${[ROOT, ...mounts].join('\n')}\n`,
    fstab: async () => fstab,
    backingFile: async (device) => (device === '/dev/loop999' ? backing : undefined),
    isRemovable: async (device) => removable.includes(device),
    cleared,
  };
}

/** A folder `data` with `disc.iso`, the parts of another, and the folder `tree`, which may be a mount point. */
function withGround(work: (ground: string) => Promise<void>): Promise<void> {
  return inTemporaryDirectory(async (directory) => {
    const ground = await realpath(directory);
    await mkdir(join(ground, 'data/tree/below'), { recursive: true });
    for (const name of ['disc.iso', 'other.iso.001', 'my file.iso']) await writeFile(join(ground, 'data', name), 'x');
    await work(ground);
  });
}

const mount = (point: string, type: string, source = '/dev/sdb1', device = '8:17', root = '/') =>
  `40 22 ${device} ${root} ${point.replaceAll(' ', '\\040')} rw - ${type} ${source} rw`;

test.each<[string, (ground: string) => { path: string; given: Given; stays: boolean }]>([
  ['a file on the root file system stays', (at) => ({ path: `${at}/data/disc.iso`, given: {}, stays: true })],
  ['so does a folder', (at) => ({ path: `${at}/data/tree`, given: {}, stays: true })],
  ['and a name with a space', (at) => ({ path: `${at}/data/my file.iso`, given: {}, stays: true })],
  [
    'not on a root that can be taken out',
    (at) => ({ path: `${at}/data/disc.iso`, given: { removable: ['253:0'] }, stays: false }),
  ],
  [
    'a file system of fstab is there whenever the host has started',
    (at) => ({
      path: `${at}/data/disc.iso`,
      given: { mounts: [mount(`${at}/data`, 'xfs')], fstab: `# comment\n\nUUID=1 ${at}/data\txfs defaults 0 0\n` },
      stays: true,
    }),
  ],
  [
    'one that fstab does not name is not',
    (at) => ({ path: `${at}/data/disc.iso`, given: { mounts: [mount(`${at}/data`, 'xfs')] }, stays: false }),
  ],
  [
    'nor one that waits for somebody to mount it',
    (at) => ({
      path: `${at}/data/disc.iso`,
      given: { mounts: [mount(`${at}/data`, 'xfs')], fstab: `UUID=1 ${at}/data xfs ro,noauto 0 0` },
      stays: false,
    }),
  ],
  [
    'nor one on a stick, whatever fstab says',
    (at) => ({
      path: `${at}/data/disc.iso`,
      given: { mounts: [mount(`${at}/data`, 'vfat')], fstab: `UUID=1 ${at}/data vfat ro`, removable: ['8:17'] },
      stays: false,
    }),
  ],
  [
    'nor what another machine serves',
    (at) => ({
      path: `${at}/data/disc.iso`,
      given: { mounts: [mount(`${at}/data`, 'nfs4', 'nas:/x')], fstab: `nas:/x ${at}/data nfs4 defaults` },
      stays: false,
    }),
  ],
  [
    'nor memory',
    (at) => ({ path: `${at}/data/disc.iso`, given: { mounts: [mount(`${at}/data`, 'tmpfs')] }, stays: false }),
  ],
  [
    'nor what the system clears away after some days',
    (at) => ({ path: `${at}/data/disc.iso`, given: { cleared: [`${at}/data`] }, stays: false }),
  ],
  ['parts of an image are to become one file', (at) => ({ path: `${at}/data/other.iso.001`, given: {}, stays: false })],
  [
    'the mount that counts is the innermost one',
    (at) => ({
      path: `${at}/data/tree/below`,
      given: {
        mounts: [mount(`${at}/data`, 'tmpfs'), mount(`${at}/data/tree`, 'xfs')],
        fstab: `x ${at}/data/tree xfs`,
      },
      stays: true,
    }),
  ],
  [
    'a neighbour whose name begins alike is none',
    (at) => ({ path: `${at}/data/disc.iso`, given: { mounts: [mount(`${at}/da`, 'tmpfs')] }, stays: true }),
  ],
])('%s', async (_title, caseOf) => {
  await withGround(async (ground) => {
    const { path, given, stays } = caseOf(ground);
    expect(await archivePlace(path, tables(given))).toEqual({ path, stays });
  });
});

test('a mounted ISO is the file behind it', async () => {
  await withGround(async (at) => {
    const iso = mount(`${at}/data/tree`, 'iso9660', '/dev/loop999', '7:3');
    const image = `${at}/data/disc.iso`;
    expect(await archivePlace(`${at}/data/tree`, tables({ mounts: [iso], backing: image }))).toEqual({
      path: image,
      stays: true,
    });
  });
});

test('a mounted disc is its device, which does not stay', async () => {
  await withGround(async (at) => {
    const disc = mount(`${at}/data/tree`, 'iso9660', '/dev/zero', '11:0');
    const expected = { path: '/dev/zero', stays: false };
    expect(await archivePlace(`${at}/data/tree`, tables({ mounts: [disc] }))).toEqual(expected);
  });
});

test.each<[string, (at: string) => Given]>([
  [
    'whose file and device are gone',
    (at) => ({ mounts: [mount(`${at}/data/tree`, 'iso9660', '/dev/loop999', '7:3')] }),
  ],
  [
    'whose file is nowhere to be seen',
    (at) => ({ mounts: [mount(`${at}/data/tree`, 'iso9660', '/dev/loop999', '7:3')], backing: `${at}/gone.iso` }),
  ],
  [
    'of which only a folder is bound there',
    (at) => ({
      mounts: [mount(`${at}/data/tree`, 'iso9660', '/dev/loop999', '7:3', '/below')],
      backing: `${at}/data/disc.iso`,
    }),
  ],
  ['that a program shows', (at) => ({ mounts: [mount(`${at}/data/tree`, 'fuse.fuseiso', 'fuseiso', '0:55')] })],
])('a mounted ISO %s is the folder, and does not stay', async (_title, given) => {
  await withGround(async (at) => {
    const path = `${at}/data/tree`;
    expect(await archivePlace(path, tables(given(at)))).toEqual({ path, stays: false });
  });
});

test('links are followed, as the place has to be found without them', async () => {
  await withGround(async (at) => {
    await symlink('data/disc.iso', join(at, 'link.iso'));
    expect(await archivePlace(join(at, 'link.iso'), tables({}))).toEqual({ path: `${at}/data/disc.iso`, stays: true });
  });
});

test('nothing there is wrong usage', async () => {
  await expect(archivePlace('/nowhere/x.iso', tables({}))).rejects.toMatchObject({
    code: 'USAGE',
    where: '/nowhere/x.iso',
  });
});

test('the host’s own tables can be read', async () => {
  await withGround(async (at) => {
    expect((await archivePlace(`${at}/data/disc.iso`)).path).toBe(`${at}/data/disc.iso`);
  });
});
