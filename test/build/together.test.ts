import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { together } from '../../src/build/together.ts';

const never = new AbortController().signal;

test('gives the results in order', async () => {
  const slow = () => sleep(5).then(() => 'slow');
  expect(await together(never, [slow, async () => 2])).toEqual(['slow', 2]);
});

test('throws the first failure, after the others have stopped', async () => {
  const ended: string[] = [];
  const patient = async (stop: AbortSignal) => {
    await sleep(60_000, undefined, { signal: stop }).catch(() => {});
    await sleep(5);
    ended.push('patient');
    stop.throwIfAborted();
  };
  const failing = () => Promise.reject(new Error('disk full'));
  await expect(together(never, [patient, failing])).rejects.toThrow('disk full');
  expect(ended).toEqual(['patient']);
});

test('passes on a stop from outside', async () => {
  const stop = AbortSignal.abort(new Error('stopped by SIGINT'));
  const work = async (signal: AbortSignal) => signal.throwIfAborted();
  await expect(together(stop, [work, work])).rejects.toThrow('stopped by SIGINT');
});
