import { expect, test } from 'vitest';
import type { ProgressEvent } from '../../src/events/event.ts';
import { toLines } from '../../src/progress/to-lines.ts';
import { toNdjson } from '../../src/progress/to-ndjson.ts';
import { at, onNode1 } from '../support/events.ts';

const done = at({ type: 'step-done', step: onNode1, changed: true });
const output = at({ type: 'step-output', step: onNode1, line: 'two\nlines' });

test('lines: one for each event that is told', () => {
  const written: string[] = [];
  const lines = toLines({ write: (text) => written.push(text) }, 'screen');
  lines.on(output);
  lines.on(done);
  expect(written).toEqual(['[node-1] Install packages: done\n']);
});

test('NDJSON: one object a line, whatever the event holds', () => {
  const written: string[] = [];
  const ndjson = toNdjson({ write: (text) => written.push(text) });
  ndjson.on(output);
  ndjson.on(done);
  expect(
    written
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { time: '2026-01-02T03:04:05.678Z', type: 'step-output', step: onNode1, line: 'two\nlines' },
    { time: '2026-01-02T03:04:05.678Z', type: 'step-done', step: onNode1, changed: true },
  ]);
});

test('lines: a long transfer is told every ten seconds, with its speed; other counts are not', () => {
  const written: string[] = [];
  const lines = toLines({ write: (text) => written.push(text) }, 'screen');
  for (let second = 0; second <= 25; second++) {
    const time = new Date(second * 1000).toISOString();
    const done = second * 2 ** 20;
    lines.on(at({ type: 'step-progress', step: onNode1, done, total: 100 * 2 ** 20, unit: 'bytes' }, time));
    lines.on(at({ type: 'step-progress', step: onNode1, done: second, total: 100, unit: 'packages' }, time));
  }
  expect(written).toEqual([
    '[node-1] Install packages: 10.0/100 MiB, 1.0 MiB/s, 2 min left\n',
    '[node-1] Install packages: 20.0/100 MiB, 1.0 MiB/s, 80 s left\n',
  ]);
});

test('what is waited for is told once, then what is seen and for how long', () => {
  const since = '2026-01-02T03:04:00.000Z';
  const waiting = (seen?: string): ProgressEvent => ({
    type: 'step-waiting',
    step: onNode1,
    for: 'sshd',
    since,
    ...(seen === undefined ? {} : { seen }),
  });
  let text = '';
  const listener = toLines({ write: (line) => (text += line) }, 'screen');
  listener.on(at(waiting(), '2026-01-02T03:04:00.000Z'));
  listener.on(at(waiting('refused'), '2026-01-02T03:04:02.500Z'));
  listener.on(at(waiting('no answer\nof the host'), '2026-01-02T03:05:00.000Z'));
  listener.on(at({ ...waiting('refused'), since: '2026-01-02T03:06:00.000Z' } as ProgressEvent));
  expect(text.split('\n')).toEqual([
    `[node-1] Install packages: waiting for sshd since ${since}`,
    '[node-1] Install packages: still waiting after 2.5 s: refused',
    '[node-1] Install packages: still waiting after 60 s: no answer',
    '    of the host',
    '[node-1] Install packages: waiting for sshd since 2026-01-02T03:06:00.000Z, last seen: refused',
    '',
  ]);
});
