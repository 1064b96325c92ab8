import { metalk8s } from '../cluster/bootstrap-ground.ts';
import type { TestHost } from '../hosts/host.ts';
import type { Kill } from './kill-plan.ts';
import { killName, killRun } from './kill-run.ts';

const RESET = ['reset', '--yes'] as const;

/**
 * Resets a host, killed at the end of each step of its plan and started again, and at last to its end. Each start plans anew what is left to do. Gives the
 * steps that it was killed after. Throws when a reset ends otherwise than by its blow, or the last one fails.
 */
export async function resetThroughBoundaries(
  host: TestHost,
  report: (line: string) => void,
): Promise<readonly string[]> {
  const after: string[] = [];
  for (;;) {
    const step = (await resetSteps(host)).find((each) => !after.includes(each));
    if (step === undefined) break;
    await killReset(host, { line: 'step-done', step, afterMs: 0, mayBeOver: true }, report);
    after.push(step);
  }
  await resetToItsEnd(host);
  return after;
}

/** Resets a host, killed so many times within steps, and at last to its end. `chance` gives numbers from 0 up to 1. Throws likewise. */
export async function resetThroughInstants(
  host: TestHost,
  { times, chance }: { readonly times: number; readonly chance: () => number },
  report: (line: string) => void,
): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const kill = killAmid(await resetSteps(host), chance);
    if (kill === undefined) break;
    await killReset(host, kill, report);
  }
  await resetToItsEnd(host);
}

/** Longer than most steps of a reset take, so that many are killed at their end. */
const STEP_MS = 1000;

/** An instant within one of these steps; undefined when there are none. */
export function killAmid(steps: readonly string[], chance: () => number): Kill | undefined {
  const step = steps[Math.floor(chance() * steps.length)];
  if (step === undefined) return undefined;
  return { line: 'step-begun', step, afterMs: Math.round(chance() * STEP_MS), mayBeOver: true };
}

/** What `reset` would do now, in order. */
export async function resetSteps(host: TestHost): Promise<readonly string[]> {
  const { exitCode, stdout, stderr } = await metalk8s(host, ['reset', '--dry-run', '--output', 'json']);
  if (exitCode !== 0) throw new Error(`reset --dry-run ends with ${exitCode}\n${stderr}`);
  const { steps } = JSON.parse(stdout) as { readonly steps: readonly { readonly id: string }[] };
  return steps.map(({ id }) => id);
}

/** Kills a reset at a moment; where it may be over by then, that is as well. Throws when it ends otherwise. */
export async function killReset(host: TestHost, kill: Kill, report: (line: string) => void): Promise<void> {
  const { exitCode, hit, last, output } = await killRun(host, kill, RESET);
  report(`reset, ${killName(kill)}: ended with ${exitCode ?? 'its life'}; the journal says ${last}`);
  const isOver = exitCode === 0 && kill.mayBeOver === true;
  if (!isOver && !(hit && exitCode === null)) throw new Error(`${killName(kill)}: ended with ${exitCode}\n${output}`);
}

async function resetToItsEnd(host: TestHost): Promise<void> {
  const { exitCode, stderr } = await metalk8s(host, RESET);
  if (exitCode !== 0) throw new Error(`after all kills, reset ends with ${exitCode}\n${stderr}`);
}
