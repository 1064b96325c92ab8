import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type MemoWork, memo } from '../../src/build/memo.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

function work(inputs: unknown, made: unknown[]): MemoWork {
  return {
    kind: 'answers',
    inputs,
    async make(directory) {
      made.push(inputs);
      await writeFile(join(directory, 'answer'), JSON.stringify(inputs));
    },
  };
}

test('work is done once for equal inputs', async () => {
  await inTemporaryDirectory(async (cache) => {
    const made: unknown[] = [];
    const first = await memo(cache, work({ tool: '1.0' }, made));
    expect(await memo(cache, work({ tool: '1.0' }, made))).toBe(first);
    expect(await memo(cache, work({ tool: '1.1' }, made))).not.toBe(first);
    expect(made).toEqual([{ tool: '1.0' }, { tool: '1.1' }]);
    expect(await readFile(join(first, 'answer'), 'utf8')).toBe('{"tool":"1.0"}');
  });
});

test('two at once come to one result', async () => {
  await inTemporaryDirectory(async (cache) => {
    const made: unknown[] = [];
    const [one, other] = await Promise.all([memo(cache, work(1, made)), memo(cache, work(1, made))]);
    expect(one).toBe(other);
    expect(await readdir(join(cache, 'answers'))).toHaveLength(1);
    expect(await readdir(join(cache, 'work'))).toEqual([]);
  });
});

test('of work that fails nothing is kept', async () => {
  await inTemporaryDirectory(async (cache) => {
    const failing = { ...work(1, []), make: () => Promise.reject(new Error('disk full')) };
    await expect(memo(cache, failing)).rejects.toThrow('disk full');
    expect(await readdir(join(cache, 'work'))).toEqual([]);
    expect(await readFile(join(await memo(cache, work(1, [])), 'answer'), 'utf8')).toBe('1');
  });
});

test('what a killed build left is cleared away', async () => {
  await inTemporaryDirectory(async (cache) => {
    await mkdir(join(cache, 'work/1.000000000000-1-1-1/answers'), { recursive: true });
    await memo(cache, work(1, []));
    expect(await readdir(join(cache, 'work'))).toEqual([]);
  });
});
