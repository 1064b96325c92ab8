import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inTurns } from '../../src/build/in-turns.ts';

interface Job {
  readonly name: number;
  readonly needs: readonly string[];
}

const never = new AbortController().signal;
const needsOf = ({ needs }: Job) => needs;

test('every job once, no more at a time than allowed, never two that need the same', async () => {
  const jobs = fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(jobs, fc.integer({ min: 1, max: 4 }), async (needs, concurrency) => {
      const running = new Set<Job>();
      const done: number[] = [];
      const all = needs.map((each, name): Job => ({ name, needs: each }));
      await inTurns(all, { concurrency, stop: never, needs: needsOf }, async (job) => {
        const others = [...running].flatMap(needsOf);
        expect(job.needs.filter((need) => others.includes(need))).toEqual([]);
        running.add(job);
        expect(running.size).toBeLessThanOrEqual(concurrency);
        for (let turn = job.name % 3; turn >= 0; turn--) await new Promise(setImmediate);
        running.delete(job);
        done.push(job.name);
      });
      expect(done.sort((left, right) => left - right)).toEqual(all.map(({ name }) => name));
    }),
  );
});

test('others go first while one waits', async () => {
  const begun: number[] = [];
  const jobs: Job[] = [
    { name: 1, needs: ['a'] },
    { name: 2, needs: ['a'] },
    { name: 3, needs: ['b'] },
  ];
  await inTurns(jobs, { concurrency: 2, stop: never, needs: needsOf }, async ({ name }) => {
    begun.push(name);
    await new Promise(setImmediate);
  });
  expect(begun).toEqual([1, 3, 2]);
});

test('what a job needs is asked when it begins', async () => {
  const needed = new Set(['a']);
  const seen: string[] = [];
  const jobs: Job[] = [
    { name: 1, needs: ['a'] },
    { name: 2, needs: ['a'] },
  ];
  const needs = (job: Job) => job.needs.filter((need) => needed.has(need));
  await inTurns(jobs, { concurrency: 2, stop: never, needs }, async (job) => {
    seen.push(`${job.name} ${needs(job)}`);
    needed.clear();
  });
  expect(seen).toEqual(['1 a', '2 ']);
});

test('a failure stops the others, also those that wait, and is the one that is thrown', async () => {
  const begun: number[] = [];
  const jobs: Job[] = [1, 2, 3].map((name) => ({ name, needs: ['a'] }));
  const failing = inTurns(jobs, { concurrency: 3, stop: never, needs: needsOf }, async ({ name }) => {
    begun.push(name);
    await new Promise(setImmediate);
    throw new Error(`job ${name}`);
  });
  await expect(failing).rejects.toThrow('job 1');
  expect(begun).toEqual([1]);
});

test('nothing begins after a stop', async () => {
  const stop = AbortSignal.abort(new Error('stopped'));
  const work = inTurns([{ name: 1, needs: [] }], { concurrency: 1, stop, needs: needsOf }, () => {
    throw new Error('begun');
  });
  await expect(work).rejects.toThrow('stopped');
});
