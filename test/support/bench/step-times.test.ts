import { expect, test } from 'vitest';
import { secondsIn, stepTimes } from './step-times.ts';

test('steps that have ended, by their ids, whatever else was written between', () => {
  const event = (time: string, type: string, id: string) =>
    JSON.stringify({ time: `2026-11-21T00:00:${time}Z`, type, step: { id, title: id.toUpperCase() } });
  const lines = [
    'copying the runtime',
    event('01.000', 'step-started', 'one'),
    event('01.500', 'step-started', 'two'),
    event('03.500', 'step-done', 'two'),
    event('04.000', 'step-failed', 'one'),
  ];
  const steps = [...stepTimes(lines.join('\n'))].map(([id, step]) => [id, step.title, secondsIn(step)]);
  expect(steps).toEqual([['two', 'TWO', 2]]);
});
