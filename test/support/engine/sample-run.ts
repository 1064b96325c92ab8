import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filePossessions } from '../../../src/engine/file-possessions.ts';
import type { PlanRun } from '../../../src/engine/run-plan.ts';
import type { StepContext, StepHandlers, StepOutcome } from '../../../src/engine/step-handler.ts';
import type { ProgressEvent } from '../../../src/events/event.ts';
import { localHost } from '../../../src/hosts/local-host.ts';
import { makePlan, type Plan, type Step } from '../../../src/plan/plan.ts';

/** A plan of steps that are no more than their names. */
export function samplePlan(units: readonly string[] = ['one', 'two', 'three']): Plan {
  const steps = units.map(
    (unit): Step => ({
      id: `start-${unit}`,
      host: 'node-1',
      kind: 'start-unit',
      title: `Start ${unit}`,
      reason: 'a test wants it',
      disrupts: null,
      unit,
    }),
  );
  return makePlan({ command: 'bootstrap', version: '136.0.0', kubernetes: '1.36.3' }, steps, {});
}

export type SampleHandler = (step: Step, context: StepContext) => Promise<StepOutcome>;

/** The same handler for all kinds of steps. */
export function everyHandler(handler: SampleHandler): StepHandlers {
  return new Proxy({}, { get: () => handler }) as StepHandlers;
}

/** Writes a step's id as a line of a file, unless it is there. */
export function lineHandler(directory: string): SampleHandler {
  return async ({ id }) => {
    if ((await linesOf(directory)).includes(id)) return { changed: false };
    await appendFile(join(directory, 'lines'), `${id}\n`);
    return { changed: true };
  };
}

export async function linesOf(directory: string): Promise<readonly string[]> {
  const text = await readFile(join(directory, 'lines'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

/** A run in a folder, with the events it told. The clock goes on by a second each time it is looked at. */
export async function sampleRun(
  directory: string,
  changes: Partial<PlanRun> = {},
): Promise<PlanRun & { readonly events: ProgressEvent[] }> {
  const events: ProgressEvent[] = [];
  let seconds = 0;
  return {
    runId: '0001-bootstrap-20261121T184300Z',
    host: localHost('node-1'),
    handlers: everyHandler(lineHandler(directory)),
    possessions: await filePossessions(join(directory, 'possessions.json')),
    runs: join(directory, 'runs'),
    logs: join(directory, 'logs'),
    inputs: { version: '136.0.0' },
    emit: (event) => events.push(event),
    stop: new AbortController().signal,
    now: () => new Date(Date.UTC(2026, 0, 1) + seconds++ * 1000),
    events,
    ...changes,
  };
}
