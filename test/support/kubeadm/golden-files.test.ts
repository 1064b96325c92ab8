import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { directoryOfTest } from '../test-directory.ts';
import { readGolden, writeGolden } from './golden-files.ts';

let root: string;
beforeEach(async () => {
  root = await directoryOfTest();
});

const single = new Map([
  ['cp1/a', 'one'],
  ['cp1/b/c', 'two'],
]);

it('stores of a configuration only what single has not, and reads it back whole', async () => {
  const other = new Map([
    ['cp1/a', 'one'],
    ['cp1/d', 'three'],
  ]);
  await writeGolden({ root, minor: '1.36', configuration: 'single' }, single);
  await writeGolden({ root, minor: '1.36', configuration: 'other' }, new Map([['cp1/stale', 'x']]));
  await writeGolden({ root, minor: '1.36', configuration: 'other' }, other);
  expect(await readGolden({ root, minor: '1.36', configuration: 'single' })).toEqual(single);
  expect(await readGolden({ root, minor: '1.36', configuration: 'other' })).toEqual(other);
  const stored = await readdir(join(root, '1.36/other'), { recursive: true });
  expect(stored.sort()).toEqual(['ABSENT.yaml', 'cp1', 'cp1/d']);
});

it('reads a configuration that is in everything like single', async () => {
  await writeGolden({ root, minor: '1.36', configuration: 'single' }, single);
  await writeGolden({ root, minor: '1.36', configuration: 'twin' }, single);
  expect(await readGolden({ root, minor: '1.36', configuration: 'twin' })).toEqual(single);
});

it('says what to do when there is none', async () => {
  await expect(readGolden({ root, minor: '1.36', configuration: 'none' })).rejects.toThrow(
    'no golden data for kubeadm 1.36 none: npm run golden makes it',
  );
});
