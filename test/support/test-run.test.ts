import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isAlive, ownIdentity } from './process-identity.ts';
import { beginTestRun, endProcesses, endTestRun, markedProcesses, RUN_MARK, sweepDeadRuns } from './test-run.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mk8s-runs-'));
  vi.stubEnv('TMPDIR', directory);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

test('a process and a folder of a run whose owner is gone are swept', async () => {
  const child = spawn('sleep', ['600'], { env: { ...process.env, [RUN_MARK]: '999999999-1' }, stdio: 'ignore' });
  await once(child, 'spawn');
  await mkdir(join(directory, 'mk8s-run-999999999-1'));
  const exit = once(child, 'exit');
  const done = await sweepDeadRuns();
  expect(await exit).toEqual([null, 'SIGKILL']);
  expect(done).toContain(`killed process ${child.pid} of a dead test run: sleep 600`);
  expect(existsSync(join(directory, 'mk8s-run-999999999-1'))).toBe(false);
});

test('a process of a run in a container stays: its owner has another id there', async () => {
  const dead = `999999999-${process.pid}`;
  const marked = ['env', `${RUN_MARK}=${dead}`, 'sh', '-c', 'echo started; read -r end'];
  const container = spawn('unshare', ['--pid', '--fork', '--kill-child', ...marked], {
    // No program takes the place of the shell, since a process has no environment for a moment then.
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(container.stdout, 'data');
  const inside = (await markedProcesses()).filter(({ mark }) => mark === dead).map(({ pid }) => pid);
  try {
    await sweepDeadRuns();
    expect(inside).toHaveLength(1);
    expect((await markedProcesses()).map(({ pid }) => pid)).toContain(inside[0]);
  } finally {
    const exit = once(container, 'exit');
    // It takes no notice of SIGTERM while it has a child.
    container.kill('SIGKILL');
    await exit;
  }
});

test('a process id that was given again does not count as the owner', async () => {
  await mkdir(join(directory, `mk8s-run-${process.pid}-1`));
  await sweepDeadRuns();
  expect(existsSync(join(directory, `mk8s-run-${process.pid}-1`))).toBe(false);
});

test('what belongs to a living run stays', async () => {
  const run = await beginTestRun();
  const child = spawn('sleep', ['600'], { env: { ...process.env, ...run.environment }, stdio: 'ignore' });
  await once(child, 'spawn');
  try {
    await sweepDeadRuns();
    expect((await markedProcesses()).map(({ pid }) => pid)).toContain(child.pid);
    expect(existsSync(run.temporaryDirectory)).toBe(true);
  } finally {
    const exit = once(child, 'exit');
    child.kill();
    await exit;
  }
});

test('who leaves ends what its run has started, and nothing else', async () => {
  const run = await beginTestRun();
  const start = async (mark: string, script: string) => {
    const child = spawn('sh', ['-c', `${script} echo started; exec sleep 600`], {
      env: { ...process.env, [RUN_MARK]: mark },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    return { child, exit: once(child, 'exit') };
  };
  const own = run.environment[RUN_MARK] ?? '';
  const willing = await start(own, '');
  const deaf = await start(own, "trap '' TERM;");
  const other = await start(`${own}0`, '');
  await endProcesses(run, 300);
  expect(await willing.exit).toEqual([null, 'SIGTERM']);
  expect(await deaf.exit).toEqual([null, 'SIGKILL']);
  expect(other.child.exitCode ?? other.child.signalCode).toBeNull();
  other.child.kill();
  await other.exit;
  await endTestRun(run);
});

test('the end of a run tells what tests left in its temporary folder, and removes it', async () => {
  const run = await beginTestRun();
  await mkdir(join(run.temporaryDirectory, 'forgotten'));
  expect(await endTestRun(run)).toEqual(['forgotten']);
  expect(existsSync(run.temporaryDirectory)).toBe(false);
});

test('a run ends also while something still writes there', async () => {
  const run = await beginTestRun();
  const script =
    'mkdir $1/busy; for i in $(seq 3000); do echo $i > $1/busy/$i || exit 0; [ $i != 100 ] || echo begun; done';
  const writer = spawn('sh', ['-c', script, 'sh', run.temporaryDirectory], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exit = once(writer, 'exit');
  await once(writer.stdout, 'data');
  expect(await endTestRun(run)).toEqual(['busy']);
  expect(existsSync(run.temporaryDirectory)).toBe(false);
  await exit;
});

test('a process is told from another one under its id by its start time', async () => {
  const identity = await ownIdentity();
  expect(await isAlive(identity)).toBe(true);
  expect(await isAlive({ ...identity, startTime: '1' })).toBe(false);
});
