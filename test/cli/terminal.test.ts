import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type Screen, screenOf } from '../support/screen.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';
import { openTerminal, type TerminalOptions } from '../support/terminal.ts';

/** The program in a real pseudo terminal, and what a person sees there. */
const program = join(import.meta.dirname, 'fixtures/program.ts');
const size = { rows: 24, columns: 80 };

function open(argv: readonly string[], options: TerminalOptions = size) {
  return openTerminal([process.execPath, program, 'steps', ...argv], options);
}

function count({ lines }: Screen, pattern: RegExp): number {
  return lines.filter((line) => pattern.test(line)).length;
}

describe.concurrent('in a terminal', { timeout: 60_000 }, () => {
  test('five hosts: each has one row at the end, and nothing else is left of the list', async () => {
    const terminal = open(['--hosts', '5', '--steps', '3', '--pause', '250']);
    expect(await terminal.exitCode()).toBe(0);
    const screen = screenOf(terminal.text(), size);
    expect(screen.cursorShown).toBe(true);
    expect(screen.lines.filter((line) => line !== '').map((line) => line.replace(/\d+\.\d s/, 'TIME'))).toEqual([
      'steps: 15 steps on 5 hosts',
      ...[1, 2, 3, 4, 5].map((number) => `✔ node-${number} 3/3 3 changed`),
      'steps: done after TIME: 15 changed',
      '{',
      '  "hosts": 5',
      '}',
    ]);
  });

  test('two hundred hosts: plain lines, each once', async () => {
    const terminal = open(['--hosts', '200', '--steps', '1', '--pause', '250']);
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.text()).not.toContain('\u001b');
    const screen = screenOf(terminal.text(), size);
    for (let number = 1; number <= 200; number += 1) {
      expect(count(screen, new RegExp(`^\\[node-${number}\\] Step 1$`))).toBe(1);
      expect(count(screen, new RegExp(`^\\[node-${number}\\] Step 1: done$`))).toBe(1);
    }
  });

  test('long output in a narrow terminal does not break the rows', async () => {
    const narrow = { rows: 20, columns: 40 };
    const terminal = open(
      ['--hosts', '4', '--steps', '3', '--pause', '250', '--says', '東京 long '.repeat(40)],
      narrow,
    );
    expect(await terminal.exitCode()).toBe(0);
    const screen = screenOf(terminal.text(), narrow);
    expect(count(screen, /^✔ node-\d 3\/3 3 changed$/)).toBe(4);
    expect(count(screen, /node-/)).toBe(4);
  });

  test('Ctrl-C: after the current step, rows tell what did not finish, the cursor is back', async () => {
    const terminal = open(['--hosts', '2', '--steps', '2', '--pause', '1500']);
    await terminal.sees('Step 1');
    terminal.type('\u0003');
    await terminal.sees('after the current step');
    expect(await terminal.exitCode()).toBe(130);
    const screen = screenOf(terminal.text(), size);
    expect(screen.cursorShown).toBe(true);
    expect(count(screen, /^↓ node-\d 1\/2 Step 1: not finished$/)).toBe(2);
    expect(count(screen, /^Resume: fixture steps$/)).toBe(1);
  });

  test('Ctrl-C twice: at once, the terminal is as it was', async () => {
    const terminal = open(['--hosts', '2', '--pause', '40000', '--deaf']);
    await terminal.sees('Step 1');
    terminal.type('\u0003');
    await terminal.sees('after the current step');
    terminal.type('\u0003');
    expect(await terminal.exitCode()).toBe(130);
    const screen = screenOf(terminal.text(), size);
    expect(screen.cursorShown).toBe(true);
    expect(count(screen, /^Resume: fixture steps$/)).toBe(1);
  });

  test('a closed window: the step is brought to its end, and the log has it', async () => {
    await inTemporaryDirectory(async (directory) => {
      const log = join(directory, 'run.log');
      const terminal = open(['--hosts', '2', '--pause', '3000', '--log-file', log]);
      await terminal.sees('Step 1');
      terminal.close();
      await vi.waitFor(async () => expect(await readFile(log, 'utf8')).toContain('interrupted after'), {
        timeout: 20_000,
      });
      const kept = await readFile(log, 'utf8');
      expect(kept).toContain('stopped by SIGHUP after the current step');
      expect(kept).toContain('[node-2] Step 1: done');
      expect(kept).not.toContain('Step 2');
    });
  });

  test.each([
    ['NO_COLOR', [], { NO_COLOR: '1' }],
    ['--no-color', ['--no-color'], {}],
  ])('%s: rows without colours', async (_title, flags, env) => {
    const terminal = open(['--pause', '250', ...flags], { ...size, env });
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.text()).not.toMatch(/\[\d+m/);
    expect(count(screenOf(terminal.text(), size), /^✔ node-\d 2\/2 2 changed$/)).toBe(3);
  });

  test('colours otherwise', async () => {
    const terminal = open(['--pause', '250']);
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.text()).toContain('[32m✔');
  });

  test('a locale without UTF-8: rows in ASCII', async () => {
    const terminal = open(['--pause', '250'], { ...size, env: { LANG: 'C', LC_ALL: '' } });
    expect(await terminal.exitCode()).toBe(0);
    expect([...terminal.text()].filter((character) => character > '~')).toEqual([]);
    expect(count(screenOf(terminal.text(), size), /^\+ node-\d 2\/2 2 changed$/)).toBe(3);
  });

  test.each([
    ['--no-progress', ['--no-progress'], {}],
    ['a dumb terminal', [], { TERM: 'dumb' }],
  ])('%s: lines', async (_title, flags, env) => {
    const terminal = open(flags, { ...size, env });
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.text()).not.toContain('\u001b');
    expect(terminal.text()).toContain('[node-3] Step 2: done');
  });

  test('hostile output sends nothing to the terminal', async () => {
    const terminal = open(['-v', '--says', 'x\u001b]0;owned\u0007\u001b[2J\u001b[Hy']);
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.text()).toContain('[node-1] Step 1 | xy');
    for (const trace of ['\u001b', 'owned']) expect(terminal.text()).not.toContain(trace);
  });
});
