import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test, vi } from 'vitest';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

/** The program as a process of its own: what only the kernel can show. */
const program = join(import.meta.dirname, 'fixtures/program.ts');
const timeout = 60_000;

function start(argv: readonly string[]) {
  return execa(process.execPath, ['--trace-exit', program, ...argv], { reject: false });
}

/** What Node.js says with --trace-exit when a program ends by process.exit(). */
const byForce = 'Exited the environment with code';

async function signalled(argv: readonly string[], ...signals: readonly NodeJS.Signals[]) {
  const child = start(['steps', '--hosts', '1', ...argv]);
  let seen = '';
  child.stderr.on('data', (piece) => {
    seen += piece;
  });
  const expected = ['[node-1] Step 1', ...signals.map(() => 'after the current step')];
  for (const [index, signal] of signals.entries()) {
    await vi.waitFor(() => expect(seen).toContain(expected[index]), { timeout: 20_000 });
    child.kill(signal);
  }
  return child;
}

describe.concurrent('signals', { timeout }, () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s: after the current step, 130', async (signal) => {
    const { exitCode, stderr } = await signalled(['--pause', '1500'], signal);
    expect(exitCode).toBe(130);
    expect(stderr).toContain('[node-1] Step 1: done\nsteps: interrupted');
    expect(stderr).toMatch(/Resume: fixture steps$/);
    expect(stderr).not.toContain(byForce);
  });

  test('SIGINT twice: at once, 130', async () => {
    const started = Date.now();
    const { exitCode, stderr } = await signalled(['--pause', '40000', '--deaf'], 'SIGINT', 'SIGINT');
    expect(exitCode).toBe(130);
    expect(Date.now() - started).toBeLessThan(30_000);
    expect(stderr).toMatch(/nothing changed\nError: {2}stopped by SIGINT\n.*\nResume: fixture steps\n/);
    expect(stderr).toContain(byForce);
  });
});

describe.concurrent('standard output', { timeout }, () => {
  test('whose reader has gone is no failure', async () => {
    const line = '"$0" "$1" data | head -1; echo "${PIPESTATUS[*]}"';
    const { stdout, stderr } = await execa('bash', ['-c', line, process.execPath, program]);
    expect({ stdout, stderr }).toEqual({ stdout: 'line 1\n0 0', stderr: '' });
  });

  test('is written to its end before the process ends', async () => {
    const { stdout, stderr, exitCode } = await start(['data']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.endsWith('\nline 200000')).toBe(true);
  });

  test('on a full device is a failure that is told', async () => {
    const { exitCode, stderr } = await execa('bash', ['-c', '"$0" "$1" data > /dev/full', process.execPath, program], {
      reject: false,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('could not be written to standard output\nWhy:    ENOSPC');
  });
});

test.concurrent('a rejection that nobody handled ends with 1 and how to report it', { timeout }, async () => {
  const { exitCode, stderr } = await start(['fail', 'unhandled', 'nobody cared']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('Error:  nobody cared\nStack:');
});

test.concurrent('a log without room ends no run', { timeout }, async () => {
  await inTemporaryDirectory(async (directory) => {
    const log = join(directory, 'run.log');
    const line = 'ulimit -f 1; trap "" XFSZ; exec "$0" "$1" steps --hosts 30 --steps 5 --log-file "$2"';
    const { exitCode, stderr } = await execa('bash', ['-c', line, process.execPath, program, log], { reject: false });
    expect(exitCode).toBe(0);
    expect(stderr.match(/warning: the log file .* cannot be written: EFBIG/g)).toHaveLength(1);
    expect(stderr).toContain('150 changed, 1 warning');
    expect((await readFile(log)).length).toBeGreaterThan(500);
  });
});

describe.concurrent('bin/metalk8s.js', { timeout }, () => {
  const bin = join(import.meta.dirname, '../../bin/metalk8s.js');

  test('without a build says how to make one', async () => {
    await inTemporaryDirectory(async (directory) => {
      const copy = join(directory, 'bin/metalk8s.js');
      await cp(bin, copy);
      const { exitCode, stderr } = await execa(process.execPath, [copy], { reject: false });
      expect(exitCode).toBe(1);
      expect(stderr).toContain('dist/metalk8s.js is missing. In a source tree, make it with: npm run build');
      expect(existsSync(join(directory, 'dist'))).toBe(false);
    });
  });

  test.each([
    ['ends by itself', '', false],
    ['ends what holds it', 'setInterval(() => {}, 1000);', true],
  ])('%s, with the status of the command', async (_name, before, forced) => {
    await inTemporaryDirectory(async (directory) => {
      const copy = join(directory, 'bin/metalk8s.js');
      await cp(bin, copy);
      await mkdir(join(directory, 'dist'));
      await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
      await writeFile(join(directory, 'dist/metalk8s.js'), `export async function main() { ${before} return 5; }`);
      const { exitCode, stderr } = await execa(process.execPath, ['--trace-exit', copy], { reject: false });
      expect(exitCode).toBe(5);
      expect(stderr.includes(byForce)).toBe(forced);
    });
  });
});
