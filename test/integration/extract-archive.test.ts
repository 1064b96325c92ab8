import { link, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { extractArchive } from '../../src/archive/extract-archive.ts';
import { fileBytesOf } from '../../src/archive/file-bytes.ts';
import { openArchive } from '../../src/archive/open-archive.ts';
import type { TrustedKey } from '../../src/archive/trusted-keys.ts';
import { discPaths } from '../../src/disc/paths.ts';
import { refusalOf, verifyQuietly, withFlip } from '../support/archive/corruption.ts';
import { type DiscGround, discGround } from '../support/archive/disc-ground.ts';
import { makeDisc, someFiles } from '../support/archive/signed-disc.ts';

let scratch: string;
let disc: { readonly tree: string; readonly image: string };
let keys: TrustedKey[];
let ground: DiscGround;

beforeAll(async () => {
  ground = await discGround();
  ({ scratch, disc, keys } = ground);
});
afterAll(() => ground.close());

const context = { stop: new AbortController().signal };

async function extract(from: string, to: string, more: Partial<Parameters<typeof extractArchive>[3]> = {}) {
  const { sums } = await verifyQuietly(disc.image, keys);
  const archive = await openArchive(from);
  try {
    await extractArchive(archive, sums, to, { ...context, ...more });
  } finally {
    await archive.close();
  }
}

test.each(['image', 'tree'] as const)('from the %s comes a folder that is an archive itself', async (kind) => {
  const target = join(scratch, `from-${kind}`);
  const seen: (readonly [number, number])[] = [];
  await extract(disc[kind], target, { progress: (...bytes) => seen.push(bytes) });
  expect(await refusalOf(target, keys)).toBeUndefined();
  await execa('diff', ['--recursive', disc.tree, target]);
  const [done, total] = seen.at(-1) ?? [];
  expect(done).toBe(total);
});

test('equal files take their room once, and each has its own mode', async () => {
  const key = ground.key;
  const rpm = Buffer.alloc(300_000, 'an rpm of several platforms');
  const paths = ['el8-x86_64', 'el9-x86_64', 'el10-x86_64'].map((id) => `${discPaths.packages}/${id}/a.rpm`);
  const files = { ...someFiles({ key }), ...Object.fromEntries(paths.map((path) => [path, rpm])) };
  const script = `${discPaths.docs}/launcher.txt`;
  const more = { ...files, [script]: files[discPaths.launcher] ?? '' };
  const { image, tree } = await makeDisc(join(scratch, 'equal'), { key }, more);
  const { sums } = await verifyQuietly(image, keys);
  const target = join(scratch, 'equal-extracted');
  const archive = await openArchive(image);
  const totals: number[] = [];
  try {
    await extractArchive(archive, sums, target, { ...context, progress: (_, total) => totals.push(total) });
    expect(totals.at(-1)).toBe(await fileBytesOf(archive, sums));
  } finally {
    await archive.close();
  }
  await execa('diff', ['--recursive', tree, target]);
  const inodes = await Promise.all(paths.map(async (path) => (await stat(join(target, path))).ino));
  expect(new Set(inodes).size).toBe(1);
  expect((await stat(join(target, script))).mode & 0o777).toBe(0o444);
  expect((await stat(join(target, discPaths.launcher))).mode & 0o777).toBe(0o555);
  expect(await refusalOf(target, keys)).toBeUndefined();

  await link(join(target, paths[1] ?? ''), join(scratch, 'another-name'));
  const refused = await refusalOf(target, keys);
  for (const path of paths) expect(refused).toContain(`${path}: a hard link: the file has a name elsewhere`);
});

test('what is there already stays as it is', async () => {
  const target = join(scratch, 'occupied');
  await mkdir(target);
  await writeFile(join(target, 'mine'), 'mine');
  await expect(extract(disc.image, target)).rejects.toMatchObject({ code: 'STEP_FAILED', where: target });
  expect(await readFile(join(target, 'mine'), 'utf8')).toBe('mine');
});

test('a file that changed since it was verified is refused, and nothing stays', async () => {
  const copy = join(scratch, 'copy');
  await execa('cp', ['-r', disc.tree, copy]);
  const target = join(scratch, 'changed');
  await withFlip(join(copy, 'runtime/bin/node'), { position: 5, bit: 0, region: '' }, async () => {
    await expect(extract(copy, target)).rejects.toThrow(
      'The archive is no longer what was verified:\nruntime/bin/node: changed',
    );
  });
  await rm(join(copy, 'metalk8s'));
  await expect(extract(copy, target)).rejects.toThrow('metalk8s: missing');
  expect((await readdir(scratch)).filter((name) => name.startsWith('changed'))).toEqual([]);
});

test('stopped, it leaves nothing', async () => {
  const stop = new AbortController();
  const target = join(scratch, 'stopped');
  const stopped = extract(disc.image, target, { stop: stop.signal, progress: () => stop.abort(new Error('enough')) });
  await expect(stopped).rejects.toThrow('enough');
  expect((await readdir(scratch)).filter((name) => name.startsWith('stopped'))).toEqual([]);
});

test('what a killed one left is cleared away', async () => {
  const target = join(scratch, 'resumed');
  await mkdir(join(`${target}.partial`, 'old'), { recursive: true });
  await extract(disc.image, target);
  expect(await refusalOf(target, keys)).toBeUndefined();
});

test('a full disk is told as such, and nothing stays', async () => {
  const small = join(scratch, 'small');
  await mkdir(small);
  const program = join(import.meta.dirname, 'fixtures', 'extract-into.ts');
  const script = 'mount -t tmpfs -o size=1m tmpfs "$1" && exec "$2" "$3" "$4" "$1/archive"';
  const args = ['sh', small, process.execPath, program, disc.image];
  const { stdout } = await execa('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script, ...args]);
  expect(JSON.parse(stdout)).toEqual({ code: 'STEP_FAILED', cause: 'ENOSPC', left: [] });
});
