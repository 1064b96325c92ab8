import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { duration, type Screen, stageScreen } from '../../../scripts/quickstart/stage-screen.ts';
import { screenOf } from '../../support/screen.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function ground(options: Pick<Screen, 'isTTY' | 'columns'> = {}) {
  let text = '';
  const kept: string[] = [];
  const stop = new AbortController();
  const screen = { ...options, write: (piece: string) => (text += piece) };
  const stages = stageScreen({ screen, total: 2, keep: (line) => kept.push(line), stop: stop.signal });
  return { stages, stop, kept, text: () => text };
}

const first = { title: 'Build', usually: 'a minute' };

test('without a terminal, every line is told once, and a silence is broken after a minute', async () => {
  const { stages, text, kept } = ground();
  const result = await stages.run(first, async (report) => {
    report('one\ntwo');
    await vi.advanceTimersByTimeAsync(70_000);
    return 'made';
  });
  expect(result).toBe('made');
  expect(text()).toBe(
    [
      '[1/2] Build (a minute)',
      '      one',
      '      two',
      '      still at it after 1 min 0 s',
      '      done after 1 min 10 s',
      '',
    ].join('\n'),
  );
  expect(kept).toEqual(['[1/2] Build (a minute)', 'one', 'two', '      done after 1 min 10 s']);
});

test('on a terminal, the last line changes in its place, fits, and is gone in the end', async () => {
  const { stages, text } = ground({ isTTY: true, columns: 40 });
  await stages.run(first, async (report) => {
    report(`compile ${'x'.repeat(100)}`);
    await vi.advanceTimersByTimeAsync(3000);
    const { lines } = screenOf(text(), { rows: 24, columns: 40 });
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^ {6}3 s: compile x+\.\.\.$/);
  });
  const { lines } = screenOf(text(), { rows: 24, columns: 40 });
  expect(lines).toEqual(['[1/2] Build (a minute)', '      done after 3 s', '']);
});

test('a stage that writes itself is not drawn over', async () => {
  const { stages, text } = ground({ isTTY: true, columns: 80 });
  await stages.run({ ...first, writes: true }, () => vi.advanceTimersByTimeAsync(200_000).then(() => {}));
  expect(text()).toBe('[1/2] Build (a minute)\n      done after 3 min 20 s\n');
});

test('a failure is told and thrown; nothing begins after a stop', async () => {
  const { stages, text, stop } = ground();
  await expect(stages.run(first, () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
  expect(text()).toMatch(/failed after 0 s\n$/);
  stop.abort(new Error('stopped by SIGINT'));
  const work = vi.fn();
  await expect(stages.run(first, work)).rejects.toThrow('stopped by SIGINT');
  expect(work).not.toHaveBeenCalled();
});

test.each([
  [400, '0 s'],
  [59_400, '59 s'],
  [59_600, '1 min 0 s'],
  [185_000, '3 min 5 s'],
])('%d ms are %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
