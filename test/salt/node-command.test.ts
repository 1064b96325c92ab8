import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { saltTemplates } from '../../src/product/salt-templates.ts';
import { nodeCommand } from '../../src/salt/node-command.ts';

const { command: template } = await saltTemplates();
const archives = [
  { version: '0.0.1-test.2', kind: 'image', path: '/srv/new.iso' },
  { version: '0.0.1-test.1', kind: 'folder', path: '/srv/old' },
] as const;

test('is that of the version that the node has, for everybody', () => {
  const [file, ...others] = nodeCommand(archives, '0.0.1-test.1', template);
  expect(others).toEqual([]);
  expect(file).toMatchObject({ path: '/usr/local/bin/metalk8s', mode: 0o755, uid: 0, gid: 0 });
  expect(file?.content).toMatch(/^exec sh \/srv\/metalk8s\/0\.0\.1-test\.1\/metalk8s "\$@"$/m);
});

test('is not there where the archive is not', () => {
  expect(nodeCommand(archives, '0.0.1-test.3', template)).toEqual([]);
});

test('says what is missing while the archive is not mounted', () => {
  const [file] = nodeCommand(archives, '0.0.1-test.2', template);
  const { status, stderr } = spawnSync('sh', ['-s', 'status'], { input: file?.content, encoding: 'utf8' });
  expect(status).toBe(4);
  expect(stderr).toContain('/srv/metalk8s/0.0.1-test.2');
  expect(stderr).toContain('systemctl start srv-metalk8s-0.0.1-test.2.mount');
});
