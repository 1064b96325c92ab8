import { chmod, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { discPaths } from '../../src/disc/paths.ts';
import { sha256Of } from '../../src/disc/sha256-of.ts';
import type { StepOf } from '../../src/engine/step-handler.ts';
import { checkArchive } from '../../src/engine/steps/check-archive.ts';
import { placeArchive } from '../../src/engine/steps/place-archive.ts';
import { localHost } from '../../src/hosts/local-host.ts';
import { describedDisc } from '../support/archive/described-disc.ts';
import { makeDisc, type someFiles } from '../support/archive/signed-disc.ts';
import { actingHost } from '../support/engine/acting-host.ts';
import { withGpgHome } from '../support/gpg-home.ts';
import { directoryOfTests } from '../support/test-directory.ts';

/** Archives on a host, copied, extracted and looked at, by the real readers and tools. */
const described = { id: 'archive', host: 'node-1', title: '', reason: '', disrupts: null, version: '136.0.0' } as const;
const scratch = directoryOfTests();
let disc: { readonly tree: string; readonly image: string };
let files: ReturnType<typeof someFiles>;
let sumsSha256: string;
let target: string;
let turn = 0;

beforeAll(async () => {
  files = describedDisc().files;
  disc = await withGpgHome(async (home) => makeDisc(scratch, { key: await home.makeKey('release') }, files));
  sumsSha256 = sha256Of(await readFile(join(disc.tree, discPaths.sums)));
});
beforeEach(() => {
  target = join(scratch, `host-${turn++}`, 'archives/136.0.0');
});

function acting() {
  const { context, noted } = actingHost('/');
  return { context: { ...context, host: localHost('node-1') }, noted };
}

function place(changes: Partial<StepOf<'place-archive'>>) {
  const step = { ...described, kind: 'place-archive', source: disc.image, target, form: 'image', sumsSha256 } as const;
  return placeArchive({ ...step, ...changes }, acting().context);
}

function check(path: string) {
  return checkArchive({ ...described, kind: 'check-archive', path, sumsSha256 }, acting().context);
}

const beside = async () => (await readdir(join(target, '..'))).sort();

test.each(['image', 'folder'] as const)('an image becomes a whole %s, once', async (form) => {
  expect(await place({ form })).toEqual({ changed: true });
  expect(await beside()).toEqual(['136.0.0']);
  expect(await place({ form, source: '/not/needed/any/more' })).toEqual({ changed: false });
  if (form === 'image') await execa('cmp', [disc.image, target]);
  else expect(await check(target)).toEqual({ changed: false });
});

test('a folder becomes a folder', async () => {
  expect(await place({ form: 'folder', source: disc.tree })).toEqual({ changed: true });
  await execa('diff', ['--recursive', disc.tree, target]);
});

test.each(['image', 'folder'] as const)('what a killed run has left of the %s is not taken for whole', async (form) => {
  await mkdir(join(target, '..'), { recursive: true });
  if (form === 'image') await execa('cp', [disc.image, `${target}.partial`]);
  else await execa('cp', ['--recursive', disc.tree, `${target}.partial`]);
  expect(await place({ form })).toEqual({ changed: true });
  expect(await beside()).toEqual(['136.0.0']);
});

test.each(['image', 'folder'] as const)(
  'a medium that was changed since is refused, and no %s is there',
  async (form) => {
    const changed = join(scratch, `changed-${form}.iso`);
    const bytes = await readFile(disc.image);
    bytes[bytes.indexOf('x'.repeat(100_000)) + 7] = 0;
    await writeFile(changed, bytes);
    await expect(place({ form, source: changed })).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: expect.stringMatching(/images\/blobs\/sha256\/[0-9a-f]{64}.*changed/s),
    });
    expect(await beside()).toEqual([]);
  },
);

test('another archive under its name is not taken for it, nor removed', async () => {
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'mine'), '');
  for (const form of ['image', 'folder'] as const)
    await expect(place({ form })).rejects.toMatchObject({ code: 'STEP_FAILED', where: target });
  expect(await readdir(target)).toEqual(['mine']);
});

test('an empty folder is in nobody’s way', async () => {
  await mkdir(target, { recursive: true });
  expect(await place({ form: 'folder' })).toEqual({ changed: true });
});

test('a copy that was stopped leaves nothing', async () => {
  const stop = AbortSignal.abort(new Error('stopped'));
  const step = { ...described, kind: 'place-archive', source: disc.image, target, form: 'image', sumsSha256 } as const;
  await expect(placeArchive(step, { ...acting().context, stop })).rejects.toThrow('stopped');
  expect(await beside()).toEqual([]);
});

describe('where an archive is mounted', () => {
  const blob = () => {
    const blobs = Object.entries(files).filter(([path]) => path.startsWith(discPaths.blobs));
    return blobs.reduce((largest, each) => (each[1].length > largest[1].length ? each : largest))[0];
  };

  test.each<[string, RegExp, (root: string) => Promise<void>]>([
    [
      'a layer that is cut off',
      /it has 1000 bytes there, and \d+ in the archive/,
      (root) => truncate(join(root, blob()), 1000),
    ],
    ['a layer that is missing', /missing/, (root) => rm(join(root, blob()))],
    ['a text that is another', /changed/, (root) => writeFile(join(root, discPaths.launcher), 'other')],
    [
      'a list of sizes that is another',
      /release\.json.*changed/,
      (root) => writeFile(join(root, discPaths.release), '{}'),
    ],
    ['another archive', /not the archive that was verified/, (root) => writeFile(join(root, discPaths.sums), 'x')],
  ])('%s is seen', async (_, message, spoil) => {
    await place({ form: 'folder' });
    const { stdout } = await execa('find', [target, '-type', 'f']);
    for (const path of stdout.split('\n')) await chmod(path, 0o644);
    await spoil(target);
    await expect(check(target)).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: expect.stringMatching(message),
    });
  });
});

test('what is mounted below a folder is never removed with it', async () => {
  const folder = join(scratch, 'with-mount');
  await mkdir(join(folder, 'below'), { recursive: true });
  await mkdir(join(scratch, 'elsewhere'));
  await writeFile(join(scratch, 'elsewhere/kept'), '');
  await execa('mount', ['--bind', join(scratch, 'elsewhere'), join(folder, 'below')]);
  try {
    await expect(localHost('node-1').files.remove(folder)).rejects.toMatchObject({
      code: 'STEP_FAILED',
      message: `It cannot be removed while this is mounted: ${join(folder, 'below')}`,
    });
    expect((await stat(join(scratch, 'elsewhere/kept'))).isFile()).toBe(true);
  } finally {
    await execa('umount', [join(folder, 'below')]);
  }
  expect(await localHost('node-1').files.remove(folder)).toBe(true);
});
