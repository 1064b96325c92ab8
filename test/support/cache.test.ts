import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cached, hashFiles, type Recipe } from './cache.ts';
import { directoryOfTest } from './test-directory.ts';

let root: string;

beforeEach(async () => {
  root = await directoryOfTest();
  vi.stubEnv('METALK8S_TEST_CACHE', root);
});

afterEach(async () => {
  vi.unstubAllEnvs();
});

function counting(inputs: unknown): Recipe & { made: number } {
  return {
    name: 'thing',
    inputs,
    made: 0,
    async make(directory) {
      this.made++;
      await sleep(20);
      await writeFile(join(directory, 'content'), JSON.stringify(inputs));
    },
  };
}

const quiet = () => {};

test('equal inputs are made once, also when asked for at the same time', async () => {
  const recipe = counting({ version: 1 });
  const [first, second] = await Promise.all([cached(recipe, quiet), cached(recipe, quiet)]);
  expect(first).toBe(second);
  expect(await cached(counting({ version: 1 }), quiet)).toBe(first);
  expect(recipe.made).toBe(1);
  expect(await readFile(join(first, 'content'), 'utf8')).toBe('{"version":1}');
});

test('other inputs make another entry', async () => {
  expect(await cached(counting(1), quiet)).not.toBe(await cached(counting(2), quiet));
});

test('a recipe that fails leaves nothing behind and is tried anew', async () => {
  let works = false;
  const recipe: Recipe = {
    name: 'thing',
    inputs: 1,
    async make(directory) {
      await writeFile(join(directory, 'half'), '');
      if (!works) throw new Error('no network');
    },
  };
  await expect(cached(recipe, quiet)).rejects.toThrow('no network');
  expect(await readdir(root)).toEqual([]);
  works = true;
  expect(await readdir(await cached(recipe, quiet))).toEqual(['half']);
});

test('the remains of a killed maker are removed: its lock and its partial folder', async () => {
  const directory = await cached(counting(1), quiet);
  await rm(directory, { recursive: true });
  await mkdir(`${directory}.partial`);
  await writeFile(join(`${directory}.partial`, 'half'), '');
  await writeFile(`${directory}.lock`, JSON.stringify({ pid: process.pid, startTime: '1' }));
  expect(await readdir(await cached(counting(1), quiet))).toEqual(['content']);
  expect(await readdir(root)).toEqual([basename(directory)]);
});

test('entries of the same name that nobody used for two weeks go when a new one is made', async () => {
  const old = await cached(counting('old'), quiet);
  const recent = await cached(counting('recent'), quiet);
  const monthAgo = new Date(Date.now() - 30 * 24 * 3600 * 1000);
  await utimes(old, monthAgo, monthAgo);
  const fresh = await cached(counting('new'), quiet);
  expect((await readdir(root)).sort()).toEqual([recent, fresh].map((path) => basename(path)).sort());
});

test('of large entries only so many stay as the recipe says, those used last', async () => {
  const paths: string[] = [];
  for (const secondsAgo of [60, 120, 30]) {
    const path = await cached(counting(secondsAgo), quiet);
    const used = new Date(Date.now() - secondsAgo * 1000);
    await utimes(path, used, used);
    paths.push(path);
  }
  const fresh = await cached({ ...counting('new'), keep: 2 }, quiet);
  expect((await readdir(root)).sort()).toEqual([paths[2] ?? '', fresh].map((path) => basename(path)).sort());
});

test('a new entry stays, whatever date its recipe has left on its folder', async () => {
  const recipe: Recipe = { name: 'thing', inputs: 1, make: (directory) => utimes(directory, new Date(0), new Date(0)) };
  const directory = await cached(recipe, quiet);
  expect(await readdir(root)).toEqual([basename(directory)]);
});

test('the hash of files tells where one ends and the next begins', async () => {
  const names = ['ab', 'c', 'a', 'bc'].map((content) => join(root, content));
  for (const path of names) await writeFile(path, basename(path));
  expect(await hashFiles(names.slice(0, 2))).not.toBe(await hashFiles(names.slice(2)));
});
