import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filePossessions } from '../../src/engine/file-possessions.ts';
import type { Possession } from '../../src/engine/possessions.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const packages = (...names: string[]): Possession => ({ what: 'packages-before', packages: names });

test('what is added is durable, for root alone, and found by the next run', () =>
  inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'deep/possessions.json');
    const possessions = await filePossessions(path);
    expect(possessions.list()).toEqual([]);
    await possessions.add([packages('a-0:1-1.x86_64'), { what: 'user', name: 'etcd' }]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await filePossessions(path)).list()).toEqual(possessions.list());
    expect(possessions.list()).toHaveLength(2);
  }));

test('nothing is noted twice, and of what a host had before the first entry counts', () =>
  inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'possessions.json');
    const possessions = await filePossessions(path);
    const first: Possession[] = [
      packages('a'),
      { what: 'rpm-keys-before', keys: [] },
      { what: 'kernel-setting', name: 'net.ipv4.ip_forward', before: '0' },
      { what: 'path', path: '/x' },
    ];
    const later: Possession[] = [
      packages('a', 'b'),
      { what: 'rpm-keys-before', keys: ['k'] },
      { what: 'kernel-setting', name: 'net.ipv4.ip_forward', before: '1' },
      { what: 'path', path: '/x' },
      { what: 'path', path: '/y' },
    ];
    // At once: each waits for those before it.
    await Promise.all([possessions.add(first), possessions.add(later), possessions.add(later)]);
    expect((await filePossessions(path)).list()).toEqual([...first, { what: 'path', path: '/y' }]);
    const before = await readFile(path, 'utf8');
    await possessions.add(later);
    expect(await readFile(path, 'utf8')).toBe(before);
  }));

test('a file that is not ours is named, and not written over', () =>
  inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'possessions.json');
    for (const text of ['', '{', '{}', '{"apiVersion":"metalk8s.scality.com/v1alpha1","entries":[{"what":"new"}]}']) {
      await writeFile(path, text);
      await expect(filePossessions(path)).rejects.toMatchObject({ code: 'STEP_FAILED', where: path });
    }
  }));

test('a failed write is told, and those after it are not lost', () =>
  inTemporaryDirectory(async (directory) => {
    await writeFile(join(directory, 'file'), '');
    const possessions = await filePossessions(join(directory, 'file/possessions.json'));
    await expect(possessions.add([{ what: 'user', name: 'etcd' }])).rejects.toMatchObject({ code: 'STEP_FAILED' });
    expect(possessions.list()).toEqual([]);
  }));
