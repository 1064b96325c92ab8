import { chmod, lstat, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256Of } from '../../../src/disc/sha256-of.ts';
import { copyFromArchive } from '../../../src/engine/steps/copy-from-archive.ts';
import { placeFiles } from '../../../src/engine/steps/place-files.ts';
import { restoreFiles } from '../../../src/engine/steps/restore-files.ts';
import { actingHost } from '../../support/engine/acting-host.ts';
import { inTemporaryDirectory } from '../../support/temporary-directory.ts';

const described = { id: 'place', host: 'node-1', title: '', reason: '', disrupts: null } as const;
const root = { user: 'root', group: 'root' } as const;
const one = { path: '/etc/x/one.conf', mode: '0644', ...root, sha256: sha256Of('one\n') };
const two = { path: '/etc/x/y/two.key', mode: '0600', ...root, sha256: sha256Of('two\n') };
const contents = { [one.sha256]: 'one\n', [two.sha256]: 'two\n' };
const step = {
  ...described,
  kind: 'place-files',
  directories: [{ path: '/etc/x', mode: '0750', ...root }],
  files: [one, two],
} as const;

test('files and folders are placed, noted before, and then left alone', () =>
  inTemporaryDirectory(async (directory) => {
    await mkdir(join(directory, 'etc'));
    const { context, noted } = actingHost(directory, {
      contents,
      async beforeNoting(entries) {
        for (const entry of entries)
          if (entry.what === 'path') await expect(lstat(join(directory, entry.path))).rejects.toThrow('ENOENT');
      },
    });
    expect(await placeFiles(step, context)).toEqual({ changed: true });
    expect(await readFile(join(directory, one.path), 'utf8')).toBe('one\n');
    expect(await context.host.files.look(two.path)).toMatchObject({ type: 'file', mode: 0o600, uid: 0, gid: 0 });
    expect(await context.host.files.look('/etc/x')).toMatchObject({ mode: 0o750 });
    expect(noted.map((entry) => 'path' in entry && entry.path)).toEqual([
      '/etc/x',
      '/etc/x/one.conf',
      '/etc/x/.one.conf.metalk8s-new',
      '/etc/x/y',
      '/etc/x/y/two.key',
      '/etc/x/y/.two.key.metalk8s-new',
    ]);
    expect(await placeFiles(step, context)).toEqual({ changed: false });
    expect(noted).toHaveLength(6);
  }));

test.each<[string, (path: string) => Promise<void>]>([
  ['another content', (path) => writeFile(path, 'other')],
  ['another mode', (path) => chmod(path, 0o666)],
  [
    'a link',
    async (path) => {
      await writeFile(`${path}.elsewhere`, 'one\n');
      await symlink(`${path}.elsewhere`, `${path}.link`);
      await rename(`${path}.link`, path);
    },
  ],
])('%s is put right, and nothing else is written', (_, spoil) =>
  inTemporaryDirectory(async (directory) => {
    const { context } = actingHost(directory, { contents });
    await placeFiles(step, context);
    const before = await lstat(join(directory, two.path));
    await spoil(join(directory, one.path));
    expect(await placeFiles(step, context)).toEqual({ changed: true });
    expect(await context.host.files.look(one.path)).toMatchObject({ type: 'file', mode: 0o644, size: 4 });
    expect((await lstat(join(directory, two.path))).ino).toBe(before.ino);
  }),
);

test('what a killed run has left beside a file is gone', () =>
  inTemporaryDirectory(async (directory) => {
    const { context } = actingHost(directory, { contents });
    await mkdir(join(directory, 'etc/x'), { recursive: true });
    await writeFile(join(directory, 'etc/x/.one.conf.metalk8s-new'), 'on');
    await placeFiles(step, context);
    expect((await readdir(join(directory, 'etc/x'))).sort()).toEqual(['one.conf', 'y']);
  }));

test('a plan that lacks a content writes nothing', () =>
  inTemporaryDirectory(async (directory) => {
    const { context } = actingHost(directory, { contents: { [one.sha256]: 'one\n' } });
    await expect(placeFiles(step, context)).rejects.toThrow(`no content ${two.sha256} for /etc/x/y/two.key`);
    expect(await readdir(join(directory, 'etc/x'))).toEqual([]);
  }));

test('what is copied from an archive is what was signed, or nothing is written', () =>
  inTemporaryDirectory(async (directory) => {
    const { context } = actingHost(directory);
    const copy = {
      ...described,
      kind: 'copy-from-archive',
      version: '136.0.0',
      files: [
        { ...one, source: '/srv/one' },
        { ...two, source: '/srv/two' },
      ],
    } as const;
    await mkdir(join(directory, 'srv'));
    await writeFile(join(directory, 'srv/one'), 'one\n');
    await expect(copyFromArchive(copy, context)).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      where: '/srv/two',
      message: 'a file of the archive is missing',
    });
    await writeFile(join(directory, 'srv/two'), 'Two\n');
    await expect(copyFromArchive(copy, context)).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      where: '/srv/two',
      message: expect.stringContaining(`and ${two.sha256} was signed`),
    });
    expect(await readdir(directory)).toEqual(['srv']);
    await writeFile(join(directory, 'srv/two'), 'two\n');
    expect(await copyFromArchive(copy, context)).toEqual({ changed: true });
    expect(await readFile(join(directory, two.path), 'utf8')).toBe('two\n');
    // The archive may be gone by now.
    await writeFile(join(directory, 'srv/two'), 'Two\n');
    expect(await copyFromArchive(copy, context)).toEqual({ changed: false });
  }));

test('a file of the owner is kept before it is replaced, once, and put back as it was', () =>
  inTemporaryDirectory(async (directory) => {
    const file = join(directory, 'etc/x', 'one.conf');
    await mkdir(join(directory, 'etc/x'), { recursive: true });
    await writeFile(file, 'of the owner\n');
    await chmod(file, 0o640);
    const before = { what: 'file-before', path: one.path, mode: 0o640, uid: 0, gid: 0 };
    const copy = join(directory, 'var/lib/metalk8s/before', one.path);
    const { context, noted } = actingHost(directory, {
      contents,
      async beforeNoting(entries) {
        if (entries.some(({ what }) => what !== 'file-before')) return;
        expect(await readFile(copy, 'utf8')).toBe('of the owner\n');
        expect(await readFile(file, 'utf8')).toBe('of the owner\n');
      },
    });
    await placeFiles(step, context);
    expect(noted.filter(({ what }) => what === 'file-before')).toEqual([before]);
    expect((await lstat(copy)).mode & 0o777).toBe(0o600);
    // What somebody made of ours, or of a file that was not there, is no file of the owner.
    await writeFile(file, 'changed\n');
    await writeFile(join(directory, two.path), 'changed\n');
    await placeFiles(step, context);
    expect(noted.filter(({ what }) => what === 'file-before')).toEqual([before]);
    expect(await readFile(file, 'utf8')).toBe('one\n');

    const { what: _, ...restored } = before;
    const undoing = { ...described, kind: 'restore-files', files: [restored] } as const;
    expect(await restoreFiles(undoing, context)).toEqual({ changed: true });
    expect(await readFile(file, 'utf8')).toBe('of the owner\n');
    expect((await lstat(file)).mode & 0o777).toBe(0o640);
    expect(await restoreFiles(undoing, context)).toEqual({ changed: false });
  }));

test('a file of the owner that cannot be kept byte for byte is not replaced', () =>
  inTemporaryDirectory(async (directory) => {
    await mkdir(join(directory, 'etc/x'), { recursive: true });
    const file = join(directory, one.path);
    const latin = Buffer.from('# caf\u00e9\n', 'latin1');
    await writeFile(file, latin);
    const { context, noted } = actingHost(directory, { contents });
    await expect(placeFiles(step, context)).rejects.toMatchObject({ code: 'STEP_FAILED', where: one.path });
    expect(await readFile(file)).toEqual(latin);
    expect(noted.filter(({ what }) => what === 'file-before')).toEqual([]);
  }));

test('a copy that is gone is told of, and holds nothing up', () =>
  inTemporaryDirectory(async (directory) => {
    const { context, told } = actingHost(directory);
    const files = [{ path: '/etc/x', mode: 0o644, uid: 0, gid: 0 }];
    const undoing = { ...described, kind: 'restore-files', files } as const;
    expect(await restoreFiles(undoing, context)).toEqual({ changed: false });
    expect(told).toEqual([expect.stringContaining('/var/lib/metalk8s/before/etc/x is gone')]);
  }));
