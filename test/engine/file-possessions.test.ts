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

test('of a file the last entry counts', () =>
  inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'possessions.json');
    const possessions = await filePossessions(path);
    const entry: Possession = { what: 'file', path: '/etc/x', before: null, ours: 'ab', placed: false };
    const link = { type: 'link', target: 'y', uid: 0, gid: 0 } as const;
    await possessions.add([{ what: 'user', name: 'etcd' }, entry, { what: 'path', path: '/y' }]);
    await possessions.add([{ ...entry, before: link }]);
    await possessions.add([{ ...entry, before: link, placed: true }]);
    expect((await filePossessions(path)).list()).toEqual([
      { what: 'user', name: 'etcd' },
      { ...entry, before: link, placed: true },
      { what: 'path', path: '/y' },
    ]);
  }));

const file = (...entries: unknown[]) => JSON.stringify({ apiVersion: 'metalk8s.scality.com/v1alpha1', entries });

const placed = (before: unknown) => ({ what: 'file', path: '/etc/x', before, ours: 'ab', placed: false });

test.each([
  ['nothing', ''],
  ['half of it', '{"apiVersion":"metalk8s.scality.com/v1alpha1","entr'],
  ['no entries', '{}'],
  ['null', 'null'],
  ['an entry that is none', file(null)],
  ['an entry without a kind', file({})],
  ['a path without a path', file({ what: 'path' })],
  ['a file from before without its owner', file(placed({ type: 'file', copy: '/x', mode: 0o644 }))],
  ['a file from before without its copy', file(placed({ type: 'file', mode: 0o644, uid: 0, gid: 0 }))],
  ['a link from before that leads nowhere', file(placed({ type: 'link', uid: 0, gid: 0 }))],
  ['a file that does not say what was before', file(placed(undefined))],
  ['no version', '{"entries":[]}'],
  ['a path that leads from somewhere', file({ what: 'path', path: 'etc' })],
  ['packages that are no list', file({ what: 'packages-before', packages: 'bash' })],
  ['packages that are no texts', file({ what: 'packages-before', packages: [null] })],
  ['keys that are no list', file({ what: 'rpm-keys-before' })],
  ['a user without a name', file({ what: 'user', name: 7 })],
  ['a setting without its value', file({ what: 'kernel-setting', name: 'vm.overcommit_memory' })],
])('a file that is damaged is named, and not written over: %s', (_, text) => refused(text, 'backup'));

test.each([
  ['of another version', '{"apiVersion":"metalk8s.scality.com/v2","entries":[]}'],
  ['of another version, that has its entries elsewhere', '{"apiVersion":"metalk8s.scality.com/v2","things":[]}'],
  ['with an entry of a kind that comes later', file({ what: 'user', name: 'etcd' }, { what: 'new' })],
  ['with an entry of a kind that objects have', file({ what: 'toString' })],
])('a file %s is for the program that wrote it', (_, text) => refused(text, 'program of another version'));

test('a failed write is told, and those after it are not lost', () =>
  inTemporaryDirectory(async (directory) => {
    await writeFile(join(directory, 'file'), '');
    const possessions = await filePossessions(join(directory, 'file/possessions.json'));
    await expect(possessions.add([{ what: 'user', name: 'etcd' }])).rejects.toMatchObject({ code: 'STEP_FAILED' });
    expect(possessions.list()).toEqual([]);
  }));

/** The file is named, with what to do, and stays as it is. */
function refused(text: string, hint: string): Promise<void> {
  return inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'possessions.json');
    await writeFile(path, text);
    await expect(filePossessions(path)).rejects.toMatchObject({
      code: 'STEP_FAILED',
      where: path,
      hint: expect.stringContaining(hint),
    });
    expect(await readFile(path, 'utf8')).toBe(text);
  });
}
