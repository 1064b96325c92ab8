import { mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { localFileStore } from '../../src/hosts/local-file-store.ts';
import { directoryOfTest } from '../support/test-directory.ts';

let directory: string;
const mine = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

beforeEach(async () => {
  directory = await directoryOfTest();
});

describe('localFileStore', () => {
  it('writes files with their mode whatever the umask, making directories, and leaves nothing else', async () => {
    const previous = process.umask(0o077);
    try {
      await localFileStore.writeAtomic([
        { path: join(directory, 'a/b/x.key'), content: 'key', mode: 0o600, ...mine },
        { path: join(directory, 'a/b/x.crt'), content: 'crt', mode: 0o644, ...mine },
      ]);
    } finally {
      process.umask(previous);
    }
    expect(await localFileStore.read(join(directory, 'a/b/x.crt'))).toBe('crt');
    expect(await localFileStore.stat(join(directory, 'a/b/x.crt'))).toEqual({ mode: 0o644, ...mine });
    expect(await localFileStore.stat(join(directory, 'a/b/x.key'))).toEqual({ mode: 0o600, ...mine });
    expect((await readdir(join(directory, 'a/b'))).sort()).toEqual(['x.crt', 'x.key']);
  });

  it('knows of no file where there is none', async () => {
    await writeFile(join(directory, 'file'), '');
    for (const name of ['none', 'none/below', 'file/below']) {
      expect(await localFileStore.read(join(directory, name))).toBeUndefined();
      expect(await localFileStore.stat(join(directory, name))).toBeUndefined();
    }
  });

  it('replaces what a killed run has prepared, also where that is a link to elsewhere', async () => {
    const target = join(directory, 'elsewhere');
    await writeFile(target, 'untouched');
    await symlink(target, join(directory, '.x.metalk8s-new'));
    await localFileStore.writeAtomic([{ path: join(directory, 'x'), content: 'new', mode: 0o600, ...mine }]);
    expect(await localFileStore.read(target)).toBe('untouched');
    expect(await localFileStore.read(join(directory, 'x'))).toBe('new');
    expect((await readdir(directory)).sort()).toEqual(['elsewhere', 'x']);
  });

  it('changes nothing and leaves nothing when a later file cannot be prepared', async () => {
    await writeFile(join(directory, 'x'), 'old');
    const files = [join(directory, 'x'), join(directory, 'x/below')];
    const write = localFileStore.writeAtomic(files.map((path) => ({ path, content: 'new', mode: 0o600, ...mine })));
    await expect(write).rejects.toMatchObject({
      where: join(directory, 'x/below'),
      message: 'the file cannot be written',
      cause: { code: expect.stringMatching(/ENOTDIR|EEXIST/) },
    });
    expect(await localFileStore.read(join(directory, 'x'))).toBe('old');
    expect(await readdir(directory)).toEqual(['x']);
  });

  it('says so when a directory stands in the place of a file', async () => {
    await mkdir(join(directory, 'x/below'), { recursive: true });
    const path = join(directory, 'x');
    await expect(localFileStore.read(path)).rejects.toMatchObject({ where: path, message: 'the file cannot be read' });
    await expect(localFileStore.writeAtomic([{ path, content: '', mode: 0o600, ...mine }])).rejects.toMatchObject({
      where: path,
      cause: { code: 'EISDIR' },
    });
    expect((await stat(path)).isDirectory()).toBe(true);
    expect(await readdir(directory)).toEqual(['x']);
  });
});
