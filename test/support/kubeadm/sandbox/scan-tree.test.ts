import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { directoryOfTest } from '../../test-directory.ts';
import { changes, scanTree } from './scan-tree.ts';

let root: string;
beforeEach(async () => {
  root = await directoryOfTest();
});

it('tells what was made and changed, and nothing of what kubeadm cannot have made', async () => {
  await mkdir(join(root, 'etc'));
  await mkdir(join(root, 'run'));
  await writeFile(join(root, 'etc/kept'), 'kept');
  await writeFile(join(root, 'etc/changed'), 'before', { mode: 0o644 });
  await writeFile(join(root, 'etc/mode'), 'mode', { mode: 0o644 });
  const before = await scanTree(root);
  await writeFile(join(root, 'etc/changed'), 'after');
  await chmod(join(root, 'etc/mode'), 0o600);
  await mkdir(join(root, 'etc/new'), { mode: 0o700 });
  await symlink('kept', join(root, 'etc/new/link'));
  await writeFile(join(root, 'run/socket'), '');
  const found = changes(before, await scanTree(root));
  expect(found.map(({ path, type, mode, content }) => ({ path, type, mode, content }))).toEqual([
    { path: '/etc/changed', type: 'file', mode: '0644', content: 'after' },
    { path: '/etc/mode', type: 'file', mode: '0600', content: 'mode' },
    { path: '/etc/new', type: 'directory', mode: '0700', content: undefined },
    { path: '/etc/new/link', type: 'link', mode: '0777', content: 'kept' },
  ]);
});
