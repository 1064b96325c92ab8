import { expect, test } from 'vitest';
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
