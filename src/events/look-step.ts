import { reportError } from '../errors/error-report.ts';
import type { StepSummary } from './event.ts';
import type { Steps } from './run-step.ts';

/** A step that only looks, and changes nothing whatever comes of it. `progress` takes bytes. Throws what the work throws; begins nothing after `stop`. */
export async function lookStep<Value>(
  step: StepSummary,
  { emit, stop }: Pick<Steps, 'emit' | 'stop'>,
  work: (progress: (done: number, total: number) => void) => Promise<Value>,
): Promise<Value> {
  stop.throwIfAborted();
  emit({ type: 'step-started', step });
  try {
    const value = await work((done, total) => emit({ type: 'step-progress', step, done, total, unit: 'bytes' }));
    emit({ type: 'step-done', step });
    return value;
  } catch (error) {
    emit({ type: 'step-failed', step, error: reportError(error) });
    throw error;
  }
}
