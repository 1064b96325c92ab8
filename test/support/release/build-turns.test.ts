import { expect, test } from 'vitest';
import { beginNoMoreBuilds, inTurn } from './build-turns.ts';

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

test('for who leaves, a build that fails makes no room for the next', async () => {
  const begun: string[] = [];
  const build = (name: string) => async () => {
    begun.push(name);
    await new Promise((_, reject) => setTimeout(reject, 5, new Error(`${name} was killed`)));
  };
  const builds = ['first', 'second', 'third'].map((name) => inTurn('kubernetes', build(name)));
  const all = Promise.allSettled([...builds, inTurn(undefined, build('free'))]);
  await Promise.resolve();
  beginNoMoreBuilds();
  await all;
  await expect(inTurn(undefined, build('late'))).rejects.toThrow('no build begins any more');
  expect(begun.toSorted()).toEqual(['first', 'free']);
});
