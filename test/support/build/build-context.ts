import type { BuildContext } from '../../../src/build/build-context.ts';
import type { StepReport } from '../../../src/events/step-report.ts';

/** What a test needs of a build besides its cache. */
export function buildContext(cache: string, changes: Partial<BuildContext> = {}): BuildContext {
  return { cache, concurrency: 4, epoch: 0, stop: new AbortController().signal, env: process.env, ...changes };
}

/** A report that keeps what it is told, a line each. */
export interface KeptReport extends StepReport {
  readonly told: readonly string[];
}

export function keptReport(): KeptReport {
  const told: string[] = [];
  const keep = (what: string) => (words: readonly unknown[]) => {
    told.push([what, ...words].join(' '));
  };
  return {
    told,
    progress: (...words) => keep('progress')(words),
    output: (...words) => keep('output')(words),
    retried: (...words) => keep('retried')(words),
    waiting: (...words) => keep('waiting')(words),
    warning: (...words) => keep('warning')(words),
    unchanged: () => keep('unchanged')([]),
  };
}
