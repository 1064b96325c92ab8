import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runMain } from '../support/run-main.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

test('writes a bundle of this machine, whatever is on it', async () => {
  await inTemporaryDirectory(async (directory) => {
    const output = join(directory, 'bundle.tar.gz');
    const { exit, stdout, stderr } = await runMain([
      'support-bundle',
      '--since',
      '1m',
      '--output',
      output,
      '-o',
      'json',
    ]);
    expect({ exit, stderr }).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining('Objects of the cluster: done'),
    });
    const { file, bytes, entries } = JSON.parse(stdout);
    expect({ file, bytes }).toEqual({ file: output, bytes: (await stat(output)).size });
    expect(entries).toContainEqual(expect.objectContaining({ path: 'metalk8s-support/facts.json', state: 'taken' }));
  });
});

test('replaces no file, and takes no time to come', async () => {
  await inTemporaryDirectory(async (directory) => {
    const output = join(directory, 'bundle.tar.gz');
    await writeFile(output, 'mine');
    const existing = await runMain(['support-bundle', '--output', output]);
    expect(existing).toMatchObject({ exit: 2, stderr: expect.stringContaining(output) });
    const future = await runMain(['support-bundle', '--since', '2999-01-01', '--output', join(directory, 'other')]);
    expect(future).toMatchObject({ exit: 2, stderr: expect.stringContaining('--since') });
    expect(await readdir(directory)).toEqual(['bundle.tar.gz']);
  });
});
