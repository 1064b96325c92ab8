import { join } from 'node:path';
import { execa } from 'execa';
import { sweep } from '../test/support/hosts/sweep.ts';
import { leftovers } from '../test/support/leftovers.ts';
import { beginTestRun, endProcesses, endTestRun, type TestRun } from '../test/support/test-run.ts';
import { addCounts, countsFromReport, failed, none, type TestCounts } from './test-counts.ts';

/** The projects of vitest.config.ts, fastest first. */
const projects = ['fast', 'integration', 'e2e'] as const;

const run = await beginTestRun();
for (const line of await sweep()) process.stdout.write(`${line}\n`);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort(signal));

let counts = await stage('build', ['node', 'scripts/build.ts']);
counts = addCounts(counts, await stage('check', ['node', 'scripts/check.ts']));
for (const project of projects) counts = addCounts(counts, await vitest(project));
counts = addCounts(counts, await nothingIsLeft(run));

if (stop.signal.aborted) process.stdout.write(`\nstopped by ${stop.signal.reason}\n`);
process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed\n`);
process.exitCode = counts.failed === 0 && !stop.signal.aborted ? 0 : 1;

async function stage(title: string, command: readonly string[]): Promise<TestCounts> {
  return (await succeeds(title, command)) ? none : failed;
}

async function vitest(project: string): Promise<TestCounts> {
  const report = join(run.temporaryDirectory, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const ended = await succeeds(project, ['vitest', 'run', '--project', project, ...reporters]);
  return countsFromReport(report, ended);
}

async function succeeds(title: string, [program = '', ...args]: readonly string[]): Promise<boolean> {
  if (stop.signal.aborted) return false;
  const started = Date.now();
  process.stdout.write(`\n== ${title}\n`);
  const result = await execa(program, args, {
    preferLocal: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: run.environment,
    reject: false,
    cancelSignal: stop.signal,
    forceKillAfterDelay: 20_000,
  });
  process.stdout.write(
    `== ${title}: ${result.failed ? 'failed' : 'ok'} after ${Math.round((Date.now() - started) / 1000)} s\n`,
  );
  return !result.failed;
}

/** The last test of all: no process, mount, network namespace, link or file of this run is there any more. */
async function nothingIsLeft(testRun: TestRun): Promise<TestCounts> {
  if (stop.signal.aborted) {
    // Who was stopped did not come to taking down its hosts; and they are swept once it is gone.
    await endProcesses(testRun);
    for (const line of await sweep()) process.stdout.write(`${line}\n`);
  }
  const reports = projects.map((project) => `${project}.json`);
  const files = (await endTestRun(testRun)).filter((name) => !reports.includes(name));
  const left = [...files.map((name) => `file ${join(testRun.temporaryDirectory, name)}`), ...(await leftovers())];
  for (const thing of left) process.stdout.write(`left behind: ${thing}\n`);
  process.stdout.write(left.length === 0 ? '== nothing is left behind\n' : '== the tests left something behind\n');
  return left.length === 0 ? { passed: 1, failed: 0 } : failed;
}
