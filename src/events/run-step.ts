import { reportError } from '../errors/error-report.ts';
import type { Emit, StepSummary } from './event.ts';
import type { StepReport } from './step-report.ts';

/** How steps are told and stopped. */
export interface Steps {
  readonly emit: Emit;
  readonly stop: AbortSignal;
  readonly now: () => Date;
  /** The step only looks: it changes nothing in any case, and nothing is told of that. */
  readonly looks?: boolean;
}

/** Does the work of a step between the events of its beginning and its end. Throws what the work throws; begins nothing after `stop`. */
export async function runStep<Value>(
  step: StepSummary,
  { emit, stop, now, looks = false }: Steps,
  work: (report: StepReport) => Promise<Value>,
): Promise<Value> {
  stop.throwIfAborted();
  let changed = true;
  let wait = { for: '', since: '' };
  const report: StepReport = {
    progress: (done, total, unit) =>
      emit({ type: 'step-progress', step, done, unit, ...(total === undefined ? {} : { total }) }),
    output: (line) => emit({ type: 'step-output', step, line }),
    retried: (attempt, why, nextInMs) => emit({ type: 'step-retried', step, attempt, why, nextInMs }),
    waiting: (what, seen) => {
      if (what !== wait.for) wait = { for: what, since: now().toISOString() };
      emit({ type: 'step-waiting', step, ...wait, ...(seen === undefined ? {} : { seen }) });
    },
    warning: (message) => emit({ type: 'warning', message }),
    unchanged: () => {
      changed = false;
    },
  };
  emit({ type: 'step-started', step });
  try {
    const value = await work(report);
    emit({ type: 'step-done', step, ...(looks ? {} : { changed }) });
    return value;
  } catch (error) {
    emit({ type: 'step-failed', step, error: reportError(error) });
    throw error;
  }
}
