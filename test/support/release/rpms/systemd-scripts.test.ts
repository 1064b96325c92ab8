import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, expect, test } from 'vitest';
import { directoryOfTest } from '../../test-directory.ts';
import { systemdScripts } from './systemd-scripts.ts';

let folder: string;

beforeEach(async () => {
  folder = await directoryOfTest();
  // Fails like the real one in a chroot: a package must be installed all the same.
  await writeFile(join(folder, 'systemctl'), `#!/bin/sh\necho "$@" >> ${folder}/calls\nexit 1\n`);
  await chmod(join(folder, 'systemctl'), 0o755);
  await writeFile(join(folder, 'calls'), '');
});

const { post, preun, postun } = systemdScripts('a.service', { restarts: true });

test.each([
  ['the first installation gives the preset state', post, '1', ['--no-reload preset a.service']],
  ['an upgrade leaves the state as it is', post, '2', []],
  ['removal disables', preun, '0', ['--no-reload disable a.service']],
  ['an upgrade removes nothing', preun, '1', []],
])('%s', async (_, script, instances, expected) => {
  expect(await calls(script, instances)).toEqual(expected);
});

test('only a package that asks for it restarts its unit', () => {
  expect(postun).toContain('try-restart a.service');
  expect(systemdScripts('a.service', { restarts: false }).postun).not.toContain('restart');
});

/** Calls of systemctl that do not depend on whether systemd runs on the machine that tests run on. */
async function calls(script: string, instances: string): Promise<string[]> {
  await execa('sh', ['-c', script, 'sh', instances], { env: { PATH: `${folder}:/usr/bin:/bin` } });
  const lines = (await readFile(join(folder, 'calls'), 'utf8')).split('\n').filter(Boolean);
  return lines.filter((line) => line !== 'daemon-reload' && !line.startsWith('stop '));
}
