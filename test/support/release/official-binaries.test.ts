import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { directoryOfTest } from '../test-directory.ts';
import { binaries } from './binaries.ts';
import type { ComponentRecipe } from './component.ts';
import { officialBinaries } from './official-binaries.ts';

let root: string;

beforeEach(async () => {
  root = await directoryOfTest();
});

afterEach(async () => {
  vi.unstubAllEnvs();
});

const RECIPE: ComponentRecipe = {
  name: 'thing',
  version: '1.2.3',
  programs: ['one', 'two'].map((file) => ({ file, versionArguments: ['version'], says: 'v1.2.3' })),
  usualSeconds: 1,
  inputs: () => Promise.reject(new Error('not asked for')),
  make: () => Promise.reject(new Error('not built')),
};

async function program(path: string, says: string, mode = 0o755): Promise<void> {
  const file = join(root, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, `#!/bin/sh\n[ "$1" = version ] && echo "${says}" >&2\n`, { mode });
}

test('nothing is official without a directory, or without a folder for that version', async () => {
  await program('thing/1.2.4/one', 'v1.2.4');
  expect(await officialBinaries(RECIPE, undefined)).toBeUndefined();
  expect(await officialBinaries(RECIPE, '')).toBeUndefined();
  expect(await officialBinaries(RECIPE, root)).toBeUndefined();
});

test('a full folder is used as it is', async () => {
  await program('thing/1.2.3/one', 'one v1.2.3');
  await program('thing/1.2.3/two', 'two v1.2.3');
  expect(await officialBinaries(RECIPE, root)).toBe(join(root, 'thing/1.2.3'));
});

test('a program that is missing, not executable or of another version is named', async () => {
  await program('thing/1.2.3/one', 'one v1.2.3');
  await expect(officialBinaries(RECIPE, root)).rejects.toThrow('thing/1.2.3/two: missing or not executable');
  await program('thing/1.2.3/two', 'two v1.2.3', 0o644);
  await expect(officialBinaries(RECIPE, root)).rejects.toThrow('thing/1.2.3/two: missing or not executable');
  await rm(join(root, 'thing/1.2.3/two'));
  await program('thing/1.2.3/two', 'two v1.2.2');
  await expect(officialBinaries(RECIPE, root)).rejects.toThrow('thing/1.2.3/two: says "two v1.2.2" and not v1.2.3');
});

test('METALK8S_TEST_BINARIES names the directory, and nothing is built then', async () => {
  vi.stubEnv('METALK8S_TEST_BINARIES', root);
  vi.stubEnv('METALK8S_TEST_CACHE', join(root, 'cache-that-stays-absent'));
  await program('kubeadm/1.30.0/kubeadm', 'v1.30.0');
  const directory = await binaries({ name: 'kubeadm', version: '1.30.0' }, () => {
    throw new Error('nothing to report');
  });
  expect(directory).toBe(join(root, 'kubeadm/1.30.0'));
});
