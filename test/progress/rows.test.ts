import { expect, test } from 'vitest';
import type { ProgressEvent, StepSummary } from '../../src/events/event.ts';
import { advance, type Rows, rowsOf, rowTitle } from '../../src/progress/rows.ts';
import { failure, onNode1 } from '../support/events.ts';

const first: StepSummary = onNode1;
const second: StepSummary = { ...onNode1, id: 'packages/held', title: 'Hold packages' };
const grouped: StepSummary = { id: 'archive/mounted', title: 'Mount' };
const plan = rowsOf({ steps: [grouped, first, second, { ...grouped, id: 'archive/verified' }] });

function after(...events: readonly ProgressEvent[]): Rows {
  return events.reduce((rows, event, second) => advance(rows, event, second * 1000), plan);
}

function title(rows: Rows, key = 'node-1'): string {
  const row = rows.get(key);
  return row === undefined ? 'no such row' : `${row.state}: ${rowTitle(row)}`;
}

test('there is a row for each host, and for each group of steps without one, in the order of the plan', () => {
  expect([...plan].map(([key, { steps }]) => [key, steps])).toEqual([
    ['archive', 2],
    ['node-1', 2],
  ]);
});

const begun: ProgressEvent = { type: 'step-started', step: first };
const done: ProgressEvent = { type: 'step-done', step: first, changed: true };

test.each<[string, readonly ProgressEvent[], string]>([
  ['nothing yet', [], 'waiting: node-1'],
  ['a step runs', [begun], 'running: node-1 0/2 Install packages'],
  [
    'it gets on',
    [begun, { type: 'step-progress', step: first, done: 2, total: 5, unit: 'MiB' }],
    'running: node-1 0/2 Install packages: 2/5 MiB',
  ],
  [
    'bytes come: how fast, and for how long',
    [
      begun,
      { type: 'step-progress', step: first, done: 0, total: 100 * 2 ** 20, unit: 'bytes' },
      { type: 'step-progress', step: second, done: 1, total: 5, unit: 'packages' },
      { type: 'step-progress', step: first, done: 20 * 2 ** 20, total: 100 * 2 ** 20, unit: 'bytes' },
    ],
    'running: node-1 0/2 Install packages: 20.0/100 MiB, 10.0 MiB/s, 8 s left',
  ],
  [
    'it waits',
    [begun, { type: 'step-waiting', step: first, for: 'sshd', since: new Date(0).toISOString() }],
    'running: node-1 0/2 Install packages: waiting for sshd',
  ],
  [
    'it is tried again',
    [begun, { type: 'step-retried', step: first, attempt: 1, why: 'refused', nextInMs: 1 }],
    'running: node-1 0/2 Install packages: attempt 1 failed: refused',
  ],
  ['it ends', [begun, done], 'running: node-1 1/2 Install packages'],
  ['all end', [done, { type: 'step-done', step: second, changed: false }], 'done: node-1 2/2 1 changed'],
  [
    'nothing was to be done',
    [
      { type: 'step-done', step: first, changed: false },
      { type: 'step-skipped', step: second, why: 'held' },
    ],
    'done: node-1 2/2 already so',
  ],
  [
    'steps that only look',
    [
      { type: 'step-done', step: first },
      { type: 'step-done', step: second },
    ],
    'done: node-1 2/2 done',
  ],
  [
    'one fails, and what comes after does not hide it',
    [
      { type: 'step-failed', step: first, error: failure },
      { type: 'step-started', step: second },
    ],
    'failed: node-1 1/2 Install packages: packages were not installed',
  ],
  ['another host goes on', [{ type: 'step-started', step: grouped }], 'waiting: node-1'],
])('%s', (_title, events, expected) => {
  expect(title(after(...events))).toBe(expected);
});

test('output stays until the next step', () => {
  const output: ProgressEvent = { type: 'step-output', step: first, line: 'unpacking' };
  expect(after(begun, output).get('node-1')?.output).toBe('unpacking');
  expect(after(begun, output, { type: 'step-started', step: second }).get('node-1')?.output).toBe('');
});

test('a step of no row of the plan changes nothing', () => {
  expect(after({ type: 'step-started', step: { ...first, host: 'node-9' } })).toBe(plan);
});

test('a host has its row before its steps are known, and gets them later', () => {
  const early = rowsOf({ steps: [grouped], hosts: ['node-1'] });
  expect(title(early)).toBe('waiting: node-1');
  const events: readonly ProgressEvent[] = [{ type: 'steps-planned', steps: [first, second] }, done];
  expect(title(events.reduce((rows, event) => advance(rows, event, 0), early))).toBe(
    'running: node-1 1/2 Install packages',
  );
});

const waiting = (since: number): ProgressEvent => {
  return { type: 'step-waiting', step: first, for: 'sshd', since: new Date(since).toISOString(), seen: 'refused' };
};

test.each([
  [62_999, 'node-1 0/2 Install packages: waiting for sshd, last seen: refused'],
  [63_000, 'node-1 0/2, 3 s: Install packages: waiting for sshd, last seen: refused'],
  [185_000, 'node-1 0/2, 2 min 5 s: Install packages: waiting for sshd, last seen: refused'],
])('at %i ms it says how long a wait of a minute later than its step has taken', (at, expected) => {
  const row = after(begun, waiting(60_000)).get('node-1');
  expect(row && rowTitle(row, at)).toBe(expected);
  expect(row?.output).toBe('last seen: refused');
});

test('after a wait it says how long the step has been running', () => {
  const row = after(begun, waiting(60_000), { type: 'step-progress', step: first, done: 1, total: 4, unit: 'objects' });
  expect(row.get('node-1')).toMatchObject({ begun: 0, since: 0 });
});
