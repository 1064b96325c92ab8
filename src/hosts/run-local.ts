import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { Command, CommandResult, RunOptions } from './host.ts';
import { gatherOutput } from './output.ts';
import { PROGRAM_PATH, programEnvironment } from './program-environment.ts';

/** Characters of each output; Salt's answer for a host is about a million. */
const LARGEST_OUTPUT = 64 * 1024 * 1024;
/** How long a program has for its end after SIGTERM: dnf and Salt first come to a point where they can. */
const GRACE_MS = 10_000;
/** How long after a program's end others may still write into its outputs, which they have from it. */
const LINGERING_MS = 1000;

/** Limits that tests shorten. */
export interface Limits {
  readonly largestOutput?: number;
  readonly graceMs?: number;
}

/**
 * Runs a program on this machine, see `Host.run`. It leads a session of its own, so that keys pressed at a terminal do not reach it, and what
 * stops it ends all that it started and that did not leave its process group. It outlives us where we are killed: half a transaction of
 * dnf would be worse than one that nobody sees.
 */
export async function runLocal(
  command: Command,
  { input, env = {}, stop, onLine }: RunOptions = {},
  { largestOutput = LARGEST_OUTPUT, graceMs = GRACE_MS }: Limits = {},
): Promise<CommandResult> {
  stop?.throwIfAborted();
  const [program, ...words] = command;
  const child = execa(program, words, {
    cwd: '/',
    env: { ...programEnvironment(), ...env },
    extendEnv: false,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    encoding: 'buffer',
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
  });
  let ending: Promise<void> | undefined;
  let overflowed = false;
  const end = () => {
    ending ??= endGroup(child.pid, graceMs);
  };
  const overflow = () => {
    overflowed = true;
    end();
  };
  const stdout = gatherOutput(largestOutput, onLine && ((line) => onLine(line, 'stdout')), overflow);
  const stderr = gatherOutput(largestOutput, onLine && ((line) => onLine(line, 'stderr')), overflow);
  child.stdout.on('data', stdout.add);
  child.stderr.on('data', stderr.add);
  child.nodeChildProcess.once('exit', () => setTimeout(letGo, LINGERING_MS, [child.stdout, child.stderr]).unref());
  stop?.addEventListener('abort', end, { once: true });
  try {
    const result = await child;
    await ending;
    if (ending !== undefined && stop?.aborted === true) throw stop.reason;
    if (overflowed) throw wroteTooMuch(command, largestOutput);
    const exitCode = result.exitCode ?? signalled(result.signal);
    if (exitCode === undefined) throw cannotStart(command, result.cause);
    return { exitCode, stdout: stdout.end(), stderr: stderr.end() };
  } finally {
    stop?.removeEventListener('abort', end);
  }
}

/** A daemon that a program started may hold its outputs open for ever. */
function letGo(outputs: readonly Readable[]): void {
  for (const output of outputs) output.destroy();
}

async function endGroup(leader: number | undefined, graceMs: number): Promise<void> {
  if (leader === undefined) return;
  signal(leader, 'SIGTERM');
  if (await isGone(leader, graceMs)) return;
  signal(leader, 'SIGKILL');
  // It takes effect a moment later, and never for who waits for a device that does not answer.
  await isGone(leader, GRACE_MS);
}

/** Waits until nobody of a group is there, so long at most; gives whether it is so. */
async function isGone(group: number, forMs: number): Promise<boolean> {
  const end = performance.now() + forMs;
  while (signal(group, 0)) {
    if (performance.now() >= end) return false;
    await sleep(20);
  }
  return true;
}

/** Gives whether anybody of the group is there. */
function signal(group: number, which: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, which);
  } catch {
    return false;
  }
}

function signalled(name: NodeJS.Signals | undefined): number | undefined {
  return name === undefined ? undefined : 128 + constants.signals[name];
}

function cannotStart([program]: Command, cause: unknown): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', `The program ${program} cannot be started`, {
    where: program,
    hint: `See to it that it is installed and may be run by this user, then run again. It is looked for in ${PROGRAM_PATH}.`,
    cause,
  });
}

function wroteTooMuch(command: Command, limit: number): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', `${command[0]} was ended, since it wrote more than ${limit} characters`, {
    where: command.join(' ').slice(0, 500),
    hint: 'Run it by hand to see what it writes.',
  });
}
