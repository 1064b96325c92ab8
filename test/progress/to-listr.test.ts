import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import type { ProgressEvent, RunFinished } from '../../src/events/event.ts';
import type { Look } from '../../src/progress/live-look.ts';
import { toListr } from '../../src/progress/to-listr.ts';
import { at, failure, stepsOn } from '../support/events.ts';
import { type Screen, screenOf } from '../support/screen.ts';

const plain: Look = { color: false, unicode: false };
const summary = { changed: 1, alreadySo: 0, skipped: 0, failed: 0, warnings: 0, durationMs: 1000 };
const finished: RunFinished = { type: 'run-finished', command: 'bootstrap', outcome: 'done', summary };

class FakeTerminal {
  columns = 60;
  rows = 12;
  text = 'what stood there before\r\n';

  write(text: string): void {
    this.text += text.replaceAll('\n', '\r\n');
  }

  screen(rows = this.rows): Screen {
    return screenOf(this.text, { rows, columns: this.columns });
  }
}

function setUp(hosts: readonly string[], look: Look = plain) {
  const terminal = new FakeTerminal();
  const listener = toListr(terminal, look);
  const steps = stepsOn(hosts);
  const emit = (...events: readonly ProgressEvent[]) => events.map((event) => listener.on(at(event)));
  emit({ type: 'run-started', command: 'bootstrap', steps });
  return { terminal, listener, steps, emit };
}

test('each host has one row, which changes in its place and stays at the end', async () => {
  const { terminal, listener, steps, emit } = setUp(['a', 'b', 'c']);
  for (const step of steps) emit({ type: 'step-started', step });
  await drawn(terminal, /^[-\\|/] c 0\/1 Install packages$/m);
  for (const step of steps) emit({ type: 'step-done', step, changed: step.host !== 'c' });
  emit(finished);
  await listener.close();
  expect(withoutBlanks(terminal.screen())).toEqual([
    'what stood there before',
    'bootstrap: 3 steps on 3 hosts',
    '+ a 1/1 1 changed',
    '+ b 1/1 1 changed',
    '+ c 1/1 already so',
    'bootstrap: done after 1.0 s: 1 changed',
  ]);
  expect(terminal.screen().cursorShown).toBe(true);
});

test('rows that did not end say so', async () => {
  const { terminal, listener, steps, emit } = setUp(['a', 'b', 'c']);
  const [a, b] = steps;
  if (a === undefined || b === undefined) throw new Error('no steps');
  emit({ type: 'step-started', step: a }, { type: 'step-failed', step: b, error: failure });
  emit({ type: 'warning', message: 'old kernel' }, { ...finished, outcome: 'failed' });
  await listener.close();
  expect(withoutBlanks(terminal.screen()).slice(2)).toEqual([
    '- a 0/1 Install packages: not finished',
    'x b 1/1 Install packages: packages were not installed',
    '- c not begun',
    'warning: old kernel',
    'bootstrap: failed after 1.0 s: 1 changed',
  ]);
});

test('a long row, a long warning and much output do not break the list', async () => {
  const { terminal, listener, steps, emit } = setUp(['a', 'b']);
  const long = 'much '.repeat(50);
  for (const step of steps) {
    emit({ type: 'step-started', step: { ...step, title: long } });
    for (let number = 0; number < 50; number += 1) emit({ type: 'step-output', step, line: `${number} ${long}` });
  }
  emit({ type: 'warning', message: long });
  await drawn(terminal, /^[-\\|/] b 0\/1 much/m);
  const rows = terminal.screen().lines.filter((line) => /^[-\\|/] [ab] 0\/1/.test(line));
  expect(rows).toHaveLength(2);
  emit(finished);
  await listener.close();
  expect(withoutBlanks(terminal.screen()).filter((line) => /^- [ab] /.test(line))).toHaveLength(2);
  expect(terminal.screen().lines[0]).toBe('what stood there before');
});

describe('colour and letters', () => {
  test('none but ASCII where the locale has no more', async () => {
    const { terminal, listener, emit } = setUp(['a']);
    await drawn(terminal, /^[-\\|/] a$/m);
    emit(finished);
    await listener.close();
    expect(terminal.text).toMatch(/^[\0-\x7f]*$/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a colour.
    expect(terminal.text).not.toMatch(/\u001b\[\d+m/);
  });

  test('both where there are', async () => {
    const { terminal, listener, steps, emit } = setUp(['a'], { color: true, unicode: true });
    for (const step of steps) emit({ type: 'step-done', step, changed: true });
    await listener.close();
    expect(terminal.text).toContain('\u001b[32m✔\u001b[39m a');
  });
});

describe('lines instead of rows', () => {
  const many = Array.from({ length: 8 }, (_, index) => `host-${index}`);

  test('when there are more rows than the terminal holds', async () => {
    const { terminal, listener, steps, emit } = setUp(many);
    for (const step of steps) emit({ type: 'step-done', step, changed: true });
    emit(finished);
    await listener.close();
    expect(terminal.text).not.toContain('\u001b');
    expect(terminal.text.match(/\[host-\d\] Install packages: done/g)).toHaveLength(8);
  });

  test('when the terminal shrinks under way', async () => {
    const { terminal, listener, steps, emit } = setUp(many.slice(0, 6));
    await drawn(terminal, /^[-\\|/] host-5$/m);
    terminal.rows = 8;
    for (const step of steps) emit({ type: 'step-done', step, changed: true });
    const length = terminal.text.length;
    await sleep(250);
    expect(terminal.text).toHaveLength(length);
    expect(terminal.text.match(/\[host-\d\] Install packages: done/g)).toHaveLength(6);
    expect(terminal.screen(12).cursorShown).toBe(true);
    await listener.close();
  });

  test('from when the user leaves', async () => {
    const { terminal, listener, emit } = setUp(['a']);
    await drawn(terminal, /^[-\\|/] a$/m);
    emit({ type: 'warning', message: 'old kernel' });
    listener.leave();
    emit({ ...finished, outcome: 'interrupted' });
    const { lines, cursorShown } = terminal.screen();
    expect(cursorShown).toBe(true);
    expect(lines).toContain('warning: old kernel');
    expect(lines).toContain('bootstrap: interrupted after 1.0 s: 1 changed');
    await listener.close();
  });
});

test('listr2 listens to no signal and puts nothing in the place of the process’ own streams', async () => {
  const listening = process.listenerCount('SIGINT');
  const { write } = process.stdout;
  const { terminal, listener, emit } = setUp(['a']);
  await drawn(terminal, /^[-\\|/] a$/m);
  expect(process.listenerCount('SIGINT')).toBe(listening);
  expect(process.stdout.write).toBe(write);
  emit(finished);
  await listener.close();
});

async function drawn(terminal: FakeTerminal, expected: RegExp): Promise<void> {
  await vi.waitFor(() => expect(terminal.screen().lines.join('\n')).toMatch(expected), { timeout: 10_000 });
}

function withoutBlanks({ lines }: Screen): string[] {
  return lines.filter((line) => line !== '');
}
