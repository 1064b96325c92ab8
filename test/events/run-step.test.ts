import { expect, test } from 'vitest';
import { MetalK8sError } from '../../src/errors/metalk8s-error.ts';
import type { ProgressEvent } from '../../src/events/event.ts';
import { runStep } from '../../src/events/run-step.ts';

const step = { id: 'images/fetch', title: 'Fetch images' };

function steps(stop = new AbortController().signal) {
  const events: ProgressEvent[] = [];
  return { events, emit: (event: ProgressEvent) => events.push(event), stop, now: () => new Date(0) };
}

test('tells begin, what happens, and end', async () => {
  let time = 0;
  const run = { ...steps(), now: () => new Date(time++ * 1000) };
  const value = await runStep(step, run, async (report) => {
    report.progress(1, 2, 'bytes');
    report.progress(2, undefined, 'bytes');
    report.retried(1, 'connection lost', 500);
    report.waiting('the mirror');
    report.waiting('the mirror', 'connection refused');
    report.waiting('the disk');
    report.output('a line');
    report.warning('no lock');
    return 7;
  });
  expect(value).toBe(7);
  expect(run.events).toEqual([
    { type: 'step-started', step },
    { type: 'step-progress', step, done: 1, total: 2, unit: 'bytes' },
    { type: 'step-progress', step, done: 2, unit: 'bytes' },
    { type: 'step-retried', step, attempt: 1, why: 'connection lost', nextInMs: 500 },
    { type: 'step-waiting', step, for: 'the mirror', since: '1970-01-01T00:00:00.000Z' },
    { type: 'step-waiting', step, for: 'the mirror', since: '1970-01-01T00:00:00.000Z', seen: 'connection refused' },
    { type: 'step-waiting', step, for: 'the disk', since: '1970-01-01T00:00:01.000Z' },
    { type: 'step-output', step, line: 'a line' },
    { type: 'warning', message: 'no lock' },
    { type: 'step-done', step, changed: true },
  ]);
});

test('what was there already is no change', async () => {
  const run = steps();
  await runStep(step, run, async (report) => report.unchanged());
  expect(run.events.at(-1)).toEqual({ type: 'step-done', step, changed: false });
});

test('of a step that only looks, nobody is told that it changed nothing', async () => {
  const run = { ...steps(), looks: true };
  await runStep(step, run, async (report) => report.unchanged());
  expect(run.events.at(-1)).toEqual({ type: 'step-done', step });
});

test('a failure is told and thrown', async () => {
  const run = steps();
  const error = new MetalK8sError('RELEASE_INVALID', 'no such image', { where: 'registry.k8s.io/x:1' });
  await expect(runStep(step, run, () => Promise.reject(error))).rejects.toBe(error);
  expect(run.events.at(-1)).toMatchObject({
    type: 'step-failed',
    step,
    error: { code: 'RELEASE_INVALID', message: 'no such image', where: 'registry.k8s.io/x:1' },
  });
});

test('nothing begins after a stop', async () => {
  const run = steps(AbortSignal.abort(new MetalK8sError('INTERRUPTED', 'stopped by SIGINT')));
  await expect(runStep(step, run, () => Promise.reject(new Error('began')))).rejects.toThrow('stopped by SIGINT');
  expect(run.events).toEqual([]);
});
