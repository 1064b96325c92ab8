import type { TimedEvent } from '../../../src/events/event.ts';
import type { Stretch } from '../cluster/pull-times.ts';

/** When a step began and ended. */
export interface StepTime extends Stretch {
  readonly title: string;
}

/** The steps that have ended, by their ids, in the order in which they did: of what `--log-format json` wrote to standard error. */
export function stepTimes(stderr: string): ReadonlyMap<string, StepTime> {
  const begun = new Map<string, number>();
  const steps = new Map<string, StepTime>();
  for (const line of stderr.split('\n').filter((each) => each.startsWith('{'))) {
    const event = JSON.parse(line) as TimedEvent['event'] & { readonly time: string };
    if (event.type === 'step-started') begun.set(event.step.id, Date.parse(event.time));
    if (event.type !== 'step-done') continue;
    const { id, title } = event.step;
    steps.set(id, { title, from: begun.get(id) ?? Number.NaN, to: Date.parse(event.time) });
  }
  return steps;
}

/** How long it took. */
export function secondsIn({ from, to }: Stretch): number {
  return (to - from) / 1000;
}
