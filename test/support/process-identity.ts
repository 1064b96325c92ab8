import { readFile } from 'node:fs/promises';
import { processStart } from '../../src/hosts/process-start.ts';

/** A process told apart from a later one that was given the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks since boot: field 22 of `/proc/PID/stat`, see proc(5). */
  readonly startTime: string;
}

/** The identity of this very process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  const startTime = await startTimeOf(process.pid);
  if (startTime === undefined) throw new Error('cannot read /proc/self/stat: is /proc mounted?');
  return { pid: process.pid, startTime };
}

/** True while the very process that was named (and not a successor under its id) runs. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await startTimeOf(identity.pid)) === identity.startTime;
}

/** Sends SIGKILL, or another signal, to a process that may have ended. */
export function killIfThere(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function startTimeOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : processStart(text);
}
