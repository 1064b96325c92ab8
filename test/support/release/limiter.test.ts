import { expect, test } from 'vitest';
import { limiter } from './limiter.ts';

test('runs at most so many at once, in order, and goes on after a failure', async () => {
  const limited = limiter(2);
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const work = (number: number) =>
    limited(async () => {
      started.push(number);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      if (number === 1) throw new Error('one fails');
      return number;
    });
  const results = await Promise.allSettled([0, 1, 2, 3, 4].map(work));
  expect(results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed'))).toEqual([
    0,
    'failed',
    2,
    3,
    4,
  ]);
  expect(started).toEqual([0, 1, 2, 3, 4]);
  expect(most).toBe(2);
});
