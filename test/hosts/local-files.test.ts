import { chmod, lstat, mkdir, readdir, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localFiles } from '../../src/hosts/local-files.ts';
import { runLocal } from '../../src/hosts/run-local.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const mine = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

test('look tells what stands there, and follows no link', () =>
  inTemporaryDirectory(async (directory) => {
    const path = (name: string) => join(directory, name);
    await writeFile(path('file'), 'abc');
    await chmod(path('file'), 0o640);
    await symlink('file', path('link'));
    await runLocal(['mkfifo', path('pipe')]);
    expect(await localFiles.look(path('file'))).toEqual({ type: 'file', mode: 0o640, ...mine, size: 3 });
    expect(await localFiles.look(path('link'))).toMatchObject({ type: 'link' });
    expect(await localFiles.look(directory)).toMatchObject({ type: 'directory', mode: 0o700 });
    expect(await localFiles.look(path('pipe'))).toMatchObject({ type: 'other' });
    expect(await localFiles.look(path('none'))).toBeUndefined();
    expect(await localFiles.look(path('file/below'))).toBeUndefined();

    // The first of FIPS 180-2's examples.
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(await localFiles.sha256(path('file'))).toBe(abc);
    for (const name of ['link', 'pipe', 'none', '.']) expect(await localFiles.sha256(path(name))).toBeUndefined();

    expect(await localFiles.list(directory)).toEqual(['file', 'link', 'pipe']);
    expect(await localFiles.list(path('none'))).toBeUndefined();
    expect(await localFiles.list(path('file'))).toBeUndefined();
  }));

test('a folder is made with those above it, whatever the umask, and mended', () =>
  inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'a/b');
    const wanted = { path, mode: 0o750, ...mine };
    const previous = process.umask(0o077);
    try {
      expect(await localFiles.ensureDirectory(wanted)).toBe(true);
    } finally {
      process.umask(previous);
    }
    expect(await localFiles.look(path)).toMatchObject({ type: 'directory', mode: 0o750 });
    expect(await localFiles.ensureDirectory(wanted)).toBe(false);
    await chmod(path, 0o777);
    expect(await localFiles.ensureDirectory(wanted)).toBe(true);
    expect(await localFiles.look(path)).toMatchObject({ mode: 0o750 });
  }));

test('a folder that was moved elsewhere stays so; what is no folder is named', () =>
  inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'link');
    await mkdir(join(directory, 'larger'), { mode: 0o700 });
    await symlink('larger', path);
    expect(await localFiles.ensureDirectory({ path, mode: 0o755, ...mine })).toBe(true);
    expect(await readlink(path)).toBe('larger');
    expect((await stat(path)).mode & 0o7777).toBe(0o755);

    await writeFile(join(directory, 'file'), '');
    const inPlaceOfAFile = { path: join(directory, 'file'), mode: 0o755, ...mine };
    await expect(localFiles.ensureDirectory(inPlaceOfAFile)).rejects.toMatchObject({
      code: 'STEP_FAILED',
      message: 'the folder cannot be made',
      where: inPlaceOfAFile.path,
      cause: { code: 'ENOTDIR' },
    });
  }));

test('removing takes a file, a link or a folder, and nothing that a link leads to', () =>
  inTemporaryDirectory(async (directory) => {
    const path = (name: string) => join(directory, name);
    await mkdir(path('kept'));
    await writeFile(path('kept/x'), '');
    await mkdir(path('folder/below'), { recursive: true });
    await symlink('../kept', path('folder/link'));
    await symlink('kept', path('link'));
    await writeFile(path('-rf'), '');
    for (const name of ['folder', 'link', '-rf']) expect(await localFiles.remove(path(name)), name).toBe(true);
    for (const name of ['folder', 'kept/x/y']) expect(await localFiles.remove(path(name)), name).toBe(false);
    expect(await readdir(directory)).toEqual(['kept']);
    expect((await lstat(path('kept/x'))).isFile()).toBe(true);
  }));

test('users and groups are asked of the host', async () => {
  expect(await localFiles.owner('root', 'root')).toEqual({ uid: 0, gid: 0 });
  for (const name of ['no-such-user', '0', '--help'])
    await expect(localFiles.owner(name, 'root')).rejects.toMatchObject({
      code: 'STEP_FAILED',
      message: `This host has no user ${name}`,
    });
});
