import { EventEmitter } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { runMain } from '../support/run-main.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';
import { fixtureTable as table } from './fixtures/table.ts';

test('progress goes to stderr as lines, data to stdout', async () => {
  const { exit, stdout, stderr } = await runMain(['steps', '--hosts', '2', '--steps', '1'], { table });
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: '{\n  "hosts": 2\n}\n' });
  expect(stderr.replace(/\d+\.\d s/, 'TIME').split('\n')).toEqual([
    'steps: 2 steps on 2 hosts',
    '[node-1] Step 1',
    '[node-2] Step 1',
    '[node-1] Step 1: done',
    '[node-2] Step 1: done',
    'steps: done after TIME: 2 changed',
    '',
  ]);
});

test('the time that a run took is right where the clock is set back meanwhile', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const settingBack = setInterval(() => vi.setSystemTime(Date.now() - 60_000), 1);
  try {
    const { stderr } = await runMain(['steps', '--steps', '1', '--pause', '50'], { table });
    expect(stderr).toMatch(/^steps: done after \d+\.\d s/m);
  } finally {
    clearInterval(settingBack);
    vi.useRealTimers();
  }
});

test('-v also shows the output of steps', async () => {
  const { stderr } = await runMain(['steps', '-v'], { table });
  expect(stderr).toContain('[node-2] Step 1 | working\n');
});

test('a failure ends with what, where, why, what to do, the log and how to resume', async () => {
  await inTemporaryDirectory(async (directory) => {
    const log = join(directory, 'run.log');
    const { exit, stdout, stderr } = await runMain(['steps', '--failing', 'node-2', '--log-file', log], { table });
    expect({ exit, stdout }).toEqual({ exit: 8, stdout: '' });
    expect(stderr).toContain(
      [
        'Error:  Step 1 failed',
        'Where:  node-2',
        'Why:    exit status 7: working',
        'To do:  Mend it.',
        `Log:    ${log}`,
        'Resume: fixture steps',
        '',
      ].join('\n'),
    );
    const kept = await readFile(log, 'utf8');
    expect(kept).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \[node-1\] Step 1 \| working$/m);
    expect(kept).toContain('STEP_FAILED: Step 1 failed');
    expect((await stat(log)).mode & 0o777).toBe(0o600);
  });
});

test('--log-format json: each line of stderr is one event, the failure in the last', async () => {
  const { exit, stderr } = await runMain(['steps', '--failing', 'node-2', '--log-format', 'json'], { table });
  const events = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(exit).toBe(8);
  expect(events[0]).toMatchObject({ type: 'run-started', command: 'steps' });
  expect(events.at(-1)).toMatchObject({
    type: 'run-finished',
    outcome: 'failed',
    error: { code: 'STEP_FAILED', exit: 8, where: 'node-2', resume: 'fixture steps' },
  });
});

test('secrets and terminal sequences are in no listener’s text', async () => {
  await inTemporaryDirectory(async (directory) => {
    const log = join(directory, 'run.log');
    const says = 'pass\u001b[0mword=hunter22 \u001b]0;owned\u0007 aHVudGVyMjI=';
    const flags = ['--says', says, '--secret', 'hunter22', '--failing', 'node-2', '-v', '--log-file', log];
    const { stderr } = await runMain(['steps', ...flags], { table });
    for (const text of [stderr, await readFile(log, 'utf8')]) {
      expect(text).toContain('Step 1 | password=[secret]  [secret]\n');
      for (const trace of ['hunter22', 'aHVudGVyMjI', '\u001b', 'owned']) expect(text).not.toContain(trace);
    }
  });
});

test('a log file that cannot be had is wrong usage, before anything is done', async () => {
  const { exit, stderr } = await runMain(['steps', '--log-file', '/dev/null'], { table });
  expect(exit).toBe(2);
  expect(stderr).toMatch(/^Error: {2}the log file cannot be opened: it is not a regular file\nWhere: {2}\/dev\/null\n/);
});

describe('signals', () => {
  async function interrupted(argv: readonly string[], ...sent: readonly string[]) {
    const signals = new EventEmitter();
    const running = runMain(['steps', '--steps', '3', ...argv], { table, signals });
    await vi.waitFor(() => expect(signals.listenerCount('SIGINT')).toBe(1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const signal of sent) signals.emit(signal, signal);
    const result = await running;
    expect(signals.eventNames()).toEqual([]);
    return result;
  }

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s stops after the current step', async (signal) => {
    const { exit, stderr } = await interrupted(['--pause', '300'], signal);
    expect(exit).toBe(130);
    expect(stderr).toContain(
      `stopped by ${signal} after the current step; Ctrl-C leaves at once\n[node-1] Step 1: done`,
    );
    expect(stderr).not.toContain('Step 2');
    expect(stderr).toMatch(
      /steps: interrupted after .*: 3 changed\nError: {2}stopped by SIG.*\nTo do: .*\nResume: fixture steps\n$/,
    );
  });

  test.each([
    ['SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGINT'],
  ])('%s, then %s leaves at once', async (...sent) => {
    const started = Date.now();
    const { exit, left, stderr } = await interrupted(['--pause', '20000', '--hosts', '1'], ...sent);
    expect([exit, left]).toEqual([130, 130]);
    expect(Date.now() - started).toBeLessThan(10_000);
    expect(stderr).toMatch(
      /steps: interrupted after .*: nothing changed\nError: {2}stopped by SIGINT\n.*\nResume: fixture steps\n$/,
    );
  });

  test('SIGTERM and SIGHUP again change nothing', async () => {
    const { exit, stderr } = await interrupted(['--pause', '300'], 'SIGHUP', 'SIGHUP', 'SIGTERM', 'SIGTERM');
    expect(exit).toBe(130);
    expect(stderr.match(/after the current step/g)).toHaveLength(1);
    expect(stderr).toContain('3 changed');
  });

  test('a run that ends in spite of the signal has ended well', async () => {
    expect(await interrupted(['--pause', '50', '--deaf'], 'SIGINT')).toMatchObject({ exit: 0 });
  });
});
