import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { MetalK8sError } from '../../src/errors/metalk8s-error.ts';
import { runLocal } from '../../src/hosts/run-local.ts';

const sh = (script: string, ...words: string[]) => ['sh', '-c', script, 'sh', ...words] as const;

test('gives both outputs and the exit code, whatever it is', async () => {
  expect(await runLocal(sh('echo out; echo err >&2; exit 3'))).toEqual({
    exitCode: 3,
    stdout: 'out\n',
    stderr: 'err\n',
  });
});

test('what a signal ended has the exit code that shells give it', async () => {
  expect((await runLocal(sh('kill -KILL $$'))).exitCode).toBe(137);
  expect((await runLocal(sh('kill -TERM $$'))).exitCode).toBe(143);
});

test('the environment is no more than what is said, and the folder is the root', async () => {
  process.env.METALK8S_CANARY = 'canary';
  const { stdout } = await runLocal(['env'], { env: { ADDED: 'x' } });
  delete process.env.METALK8S_CANARY;
  const names = stdout.split('\n').flatMap((line) => line.split('=')[0] || []);
  expect(names.sort()).toEqual(['ADDED', 'HOME', 'LC_ALL', 'PATH']);
  expect(stdout).toContain('LC_ALL=C.UTF-8\n');
  expect((await runLocal(['pwd'])).stdout).toBe('/\n');
});

test('arguments are taken as they are', async () => {
  const words = ['$(id)', '; rm', "'", ' ', '*'];
  expect((await runLocal(['printf', '%s\\n', ...words])).stdout).toBe(`${words.join('\n')}\n`);
});

test('standard input is what was given, or nothing', async () => {
  expect((await runLocal(['cat'], { input: 'é\n' })).stdout).toBe('é\n');
  expect((await runLocal(['cat'])).stdout).toBe('');
  // Larger than a pipe, and never read.
  expect(await runLocal(['true'], { input: 'x'.repeat(1024 * 1024) })).toMatchObject({ exitCode: 0 });
});

test('lines are told as they come, also the last without an end, with a mark for what is no UTF-8', async () => {
  const lines: string[] = [];
  const { stdout } = await runLocal(sh("printf 'a\\303'; sleep 0.05; printf '\\251\\r\\nb\\377'; printf c >&2"), {
    onLine: (line) => lines.push(line),
  });
  expect(stdout).toBe('aé\r\nb\uFFFD');
  expect(lines.sort()).toEqual(['aé', 'b\uFFFD', 'c']);
});

test('a program that is not there is named', async () => {
  await expect(runLocal(['no-such-program', 'x'])).rejects.toMatchObject({
    code: 'STEP_FAILED',
    message: 'The program no-such-program cannot be started',
    cause: { code: 'ENOENT' },
  });
  await expect(runLocal(['/etc/passwd'])).rejects.toMatchObject({ cause: { code: 'EACCES' } });
});

test('one that writes without an end is ended', async () => {
  await expect(runLocal(['yes'], {}, { largestOutput: 100_000 })).rejects.toMatchObject({
    code: 'STEP_FAILED',
    message: 'yes was ended, since it wrote more than 100000 characters',
  });
});

test('a daemon that holds its outputs is not waited for', async () => {
  const { stdout } = await runLocal(sh('setsid sleep 300 & echo $!'));
  process.kill(Number(stdout), 'SIGKILL');
}, 20_000);

test('a stop ends the program and what it started, and throws its reason', async () => {
  const reason = new MetalK8sError('INTERRUPTED', 'stopped by SIGINT');
  const stop = new AbortController();
  const pids: number[] = [];
  const run = runLocal(sh("trap 'echo ended' TERM; sleep 300 & echo $!; echo $$; wait"), {
    stop: stop.signal,
    onLine: (line) => (line === 'ended' || pids.push(Number(line)) < 2 ? undefined : stop.abort(reason)),
  });
  await expect(run).rejects.toBe(reason);
  for (const pid of pids) expect(await isRunning(pid)).toBe(false);
  await expect(runLocal(['true'], { stop: stop.signal })).rejects.toBe(reason);
});

test('one that does not heed the signal is killed', async () => {
  const stop = new AbortController();
  let pid = 0;
  const onLine = (line: string) => {
    pid = Number(line);
    stop.abort(new Error('stop'));
  };
  // Of the many that it started, some are still there a moment after the signal.
  const script = sh("trap '' TERM; for i in $(seq 50); do sleep 300 & done; echo $$; while true; do sleep 0.01; done");
  await expect(runLocal(script, { stop: stop.signal, onLine }, { graceMs: 50 })).rejects.toThrow('stop');
  expect(await isRunning(pid)).toBe(false);
  expect(() => process.kill(-pid, 0)).toThrow('ESRCH');
});

async function isRunning(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return state !== '' && !/^State:\s+Z/m.test(state);
}
