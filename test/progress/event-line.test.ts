import { describe, expect, test } from 'vitest';
import type { ProgressEvent, RunFinished } from '../../src/events/event.ts';
import { type Detail, eventLine, seconds } from '../../src/progress/event-line.ts';
import { failure, local, onNode1, started } from '../support/events.ts';

const summary = { changed: 0, alreadySo: 0, skipped: 0, failed: 0, warnings: 0, durationMs: 1234 };
const finished: RunFinished = { type: 'run-finished', command: 'bootstrap', outcome: 'done', summary };

const cases: readonly [Detail, ProgressEvent, string | undefined][] = [
  ['screen', started, 'bootstrap: 2 steps on 1 host'],
  ['screen', { ...started, steps: [local] }, 'bootstrap: 1 step'],
  ['screen', { ...started, steps: [local], hosts: ['node-1'] }, 'bootstrap: 1 step, then those that are planned'],
  ['screen', { type: 'steps-planned', steps: [onNode1] }, 'planned: 1 step on 1 host'],
  ['screen', { type: 'step-started', step: onNode1 }, '[node-1] Install packages'],
  ['screen', { type: 'step-started', step: local }, 'Mount the archive'],
  ['screen', { type: 'step-progress', step: local, done: 1, total: 3, unit: 'MiB' }, undefined],
  ['verbose', { type: 'step-progress', step: local, done: 1, total: 3, unit: 'MiB' }, undefined],
  ['log', { type: 'step-progress', step: local, done: 1, total: 3, unit: 'MiB' }, 'Mount the archive: 1/3 MiB'],
  ['log', { type: 'step-progress', step: local, done: 1, unit: 'files' }, 'Mount the archive: 1 files'],
  [
    'log',
    { type: 'step-progress', step: local, done: 1024 * 1024, total: 10_485_760, unit: 'bytes' },
    'Mount the archive: 1.0/10.0 MiB',
  ],
  ['screen', { type: 'step-output', step: onNode1, line: 'x' }, undefined],
  ['verbose', { type: 'step-output', step: onNode1, line: 'x' }, '[node-1] Install packages | x'],
  ['log', { type: 'step-output', step: onNode1, line: 'x' }, '[node-1] Install packages | x'],
  [
    'screen',
    { type: 'step-waiting', step: local, for: 'readyz', since: '10:00' },
    'Mount the archive: waiting for readyz since 10:00',
  ],
  [
    'screen',
    { type: 'step-waiting', step: local, for: 'readyz', since: '10:00', seen: 'status 500' },
    'Mount the archive: waiting for readyz since 10:00, last seen: status 500',
  ],
  [
    'screen',
    { type: 'step-retried', step: local, attempt: 2, why: 'refused', nextInMs: 5000 },
    'Mount the archive: attempt 2 failed, next in 5.0 s: refused',
  ],
  [
    'screen',
    { type: 'step-skipped', step: local, why: 'mounted by hand' },
    'Mount the archive: skipped, mounted by hand',
  ],
  ['screen', { type: 'step-done', step: local, changed: true }, 'Mount the archive: done'],
  ['screen', { type: 'step-done', step: local, changed: false }, 'Mount the archive: already so'],
  ['screen', { type: 'step-done', step: local }, 'Mount the archive: done'],
  [
    'screen',
    { type: 'step-failed', step: onNode1, error: failure },
    '[node-1] Install packages: failed, packages were not installed',
  ],
  ['screen', { type: 'warning', message: 'old kernel', host: 'node-1' }, '[node-1] warning: old kernel'],
  ['screen', { type: 'warning', message: 'a\n[node-2] done' }, 'warning: a\n    [node-2] done'],
  [
    'screen',
    { type: 'run-stopping', why: 'stopped by SIGINT' },
    'stopped by SIGINT after the current step; Ctrl-C leaves at once',
  ],
  ['screen', finished, 'bootstrap: done after 1.2 s: nothing changed'],
  [
    'screen',
    {
      ...finished,
      outcome: 'failed',
      summary: { ...summary, changed: 3, alreadySo: 4, failed: 1, warnings: 2 },
      error: failure,
    },
    'bootstrap: failed after 1.2 s: 3 changed, 4 already so, 1 failed, 2 warnings',
  ],
  [
    'log',
    { ...finished, outcome: 'failed', summary: { ...summary, skipped: 1 }, error: { ...failure, hint: 'Make room.' } },
    'bootstrap: failed after 1.2 s: 1 skipped\n    STEP_FAILED: packages were not installed\n    why: exit status 1\n    no space\n    Make room.',
  ],
];

describe('an event as a line', () => {
  test.each(cases)('%s: %j', (detail, event, line) => {
    expect(eventLine(event, detail)).toBe(line);
  });
});

test.each([
  [0, '0.0 s'],
  [9_949, '9.9 s'],
  [9_950, '10 s'],
  [61_499, '61 s'],
])('%i ms are %s', (milliseconds, text) => {
  expect(seconds(milliseconds)).toBe(text);
});
