import { mkdir, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, killIfThere, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/** Environment variable that all processes of one test run carry; its value names the process that owns the run. */
export const RUN_MARK = 'METALK8S_TEST_RUN';

const TEMP_PREFIX = 'mk8s-run-';

/** One execution of the test command. */
export interface TestRun {
  /** Environment for every process of the run: its mark, and a temporary folder of its own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly temporaryDirectory: string;
}

/** A process that carries the mark of a run. */
export interface MarkedProcess {
  readonly pid: number;
  readonly mark: string;
  readonly command: string;
}

/** Ends what killed runs left behind (processes, temporary folders), then starts a run owned by this process. */
export async function beginTestRun(): Promise<TestRun> {
  await sweepDeadRuns();
  const identity = await ownIdentity();
  const mark = formatMark(identity);
  const temporaryDirectory = join(tmpdir(), `${TEMP_PREFIX}${mark}`);
  // Passable for all: some tests run programs as ordinary users.
  await mkdir(temporaryDirectory, { mode: 0o711 });
  return { environment: { [RUN_MARK]: mark, TMPDIR: temporaryDirectory }, temporaryDirectory };
}

/** Removes the run's temporary folder, also from under what is still writing there; returns the names of what was left in it. */
export async function endTestRun(run: TestRun): Promise<string[]> {
  const left = await readdir(run.temporaryDirectory);
  await rm(run.temporaryDirectory, { recursive: true, force: true, maxRetries: 10 });
  return left;
}

/**
 * Ends all processes of a run but this one, for who leaves before they have ended by themselves; returns when none is there.
 * One that has not ended after `patienceMs` is killed.
 */
export async function endProcesses(run: TestRun, patienceMs = 5000): Promise<void> {
  const asked = new Set<number>();
  for (const began = Date.now(); ; await sleep(20)) {
    const own = (await markedProcesses()).filter(
      ({ pid, mark }) => pid !== process.pid && mark === run.environment[RUN_MARK],
    );
    if (own.length === 0) return;
    const late = Date.now() - began > patienceMs;
    for (const { pid } of own.filter(({ pid }) => late || !asked.has(pid))) {
      killIfThere(pid, late ? 'SIGKILL' : 'SIGTERM');
      asked.add(pid);
    }
  }
}

/** All running processes that carry the mark of a run, of this or another one. */
export async function markedProcesses(): Promise<MarkedProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(readMark));
  return found.filter((process) => process !== undefined);
}

/**
 * Kills the processes and removes the temporary folders of runs whose owner is gone. Returns what it did, a line each.
 * Processes of other PID namespaces stay: a run in a container has an owner there, whose id says nothing here. What a dead
 * run of ours had in namespaces of its own ends with the process here that made them.
 */
export async function sweepDeadRuns(): Promise<string[]> {
  const done: string[] = [];
  const own = await pidNamespace('self');
  for (const { pid, mark, command } of await markedProcesses()) {
    if (pid === process.pid || (await ownerLives(mark)) || (await pidNamespace(pid)) !== own) continue;
    killIfThere(pid);
    done.push(`killed process ${pid} of a dead test run: ${command}`);
  }
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(TEMP_PREFIX) || (await ownerLives(name.slice(TEMP_PREFIX.length)))) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true });
    done.push(`removed ${join(tmpdir(), name)} of a dead test run`);
  }
  return done;
}

function formatMark({ pid, startTime }: ProcessIdentity): string {
  return `${pid}-${startTime}`;
}

async function ownerLives(mark: string): Promise<boolean> {
  const [, pid, startTime] = /^(\d+)-(\d+)$/.exec(mark) ?? [];
  return pid !== undefined && startTime !== undefined && (await isAlive({ pid: Number(pid), startTime }));
}

async function readMark(pid: number): Promise<MarkedProcess | undefined> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const entry = environment.split('\0').find((line) => line.startsWith(`${RUN_MARK}=`));
  if (entry === undefined) return undefined;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return { pid, mark: entry.slice(RUN_MARK.length + 1), command: command.replaceAll('\0', ' ').trim() };
}

/** What tells a PID namespace from others; undefined for a process that is gone. */
async function pidNamespace(pid: number | 'self'): Promise<string | undefined> {
  return readlink(`/proc/${pid}/ns/pid`).catch(() => undefined);
}
