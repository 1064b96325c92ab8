import { expect, test } from 'vitest';
import { inTurn } from './build-turns.ts';

test('builds of one turn follow each other, others run beside them, and one without a turn waits for none', async () => {
  const events: string[] = [];
  const build = (name: string) => async () => {
    events.push(`${name} starts`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    events.push(`${name} ends`);
  };
  await Promise.all([
    inTurn('kubernetes', build('first')),
    inTurn('kubernetes', build('second')),
    inTurn('etcd', build('other')),
    inTurn(undefined, build('free')),
  ]);
  expect(events.indexOf('second starts')).toBeGreaterThan(events.indexOf('first ends'));
  expect(events.indexOf('other starts')).toBeLessThan(events.indexOf('first ends'));
  expect(events.indexOf('free starts')).toBeLessThan(events.indexOf('first ends'));
});
