import { readFile } from 'node:fs/promises';
import { DISC_MOUNT } from '../cluster/bootstrap-ground.ts';
import type { TestHost } from '../hosts/host.ts';
import type { Kill } from './kill-plan.ts';

/** How a run that was not to come to its end ended. */
export interface Killed {
  /** The last line of the newest journal that was there when it was gone; null: there was none. */
  readonly last: string | null;
  /** Null: it was killed, or goes on until the power is cut. */
  readonly exitCode: number | null;
  readonly output: string;
  /** Its moment came. */
  readonly hit: boolean;
}

const KILLER = new URL('killer.py', import.meta.url);

/**
 * Starts a command from the disc and ends it at a moment of this start: itself, and nothing that it has started. The journal is looked at all
 * the time, so that a blow comes a millisecond after its line is there; it comes with the end of what it is amid when that is sooner. A power
 * cut is left to the caller: with its moment this returns, and the command goes on.
 */
export async function killRun(host: TestHost, kill: Kill, command: readonly string[]): Promise<Killed> {
  const { line, step, afterMs, by = 'SIGKILL' } = kill;
  const wanted = (what: string, ofStep = step) =>
    ofStep === undefined ? `"what":"${what}"` : `"what":"${what}","host":"${host.name}","step":"${ofStep}"`;
  const moments: Readonly<Record<Kill['line'], readonly [after: string | null, before: string]>> = {
    started: [null, wanted('run-begun')],
    'run-begun': [wanted('run-begun'), wanted('step-begun')],
    'step-begun': [wanted('step-begun'), wanted('step-done')],
    'step-done': [wanted('step-done'), wanted('step-done')],
  };
  const [after, before] = moments[line];
  const request = { after, before, delayMs: afterMs, blow: by, command: ['sh', `${DISC_MOUNT}/metalk8s`, ...command] };
  const program = await readFile(KILLER, 'utf8');
  const { stdout } = await host.run(['python3', '-c', program, JSON.stringify(request)], { timeoutMs: 900_000 });
  return JSON.parse(stdout) as Killed;
}

/** For people: what a blow is, and when it comes. */
export function killName({ by = 'SIGKILL', line, step, afterMs }: Kill): string {
  return `${by} ${afterMs} ms after ${[line, step].filter((word) => word !== undefined).join(' of ')}`;
}
