import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../api/api-error.ts';
import type { StepReport } from '../events/step-report.ts';

export interface Retrying {
  /** Ends the waiting between two attempts. */
  readonly stop: AbortSignal;
  readonly report: Pick<StepReport, 'retried'>;
  /** How long to try what is only away, from the first attempt on; three minutes when left out. */
  readonly seconds?: number;
}

/** An API server that is killed is back within this, unless something else is wrong. */
const AWAY_SECONDS = 180;
/** Rights are in effect a moment after they were written: API servers read them from a copy of their own. */
const RIGHTS_SECONDS = 20;
const RIGHTS = 'the rights of the user are not in effect';
const LONGEST_PAUSE_MS = 5000;

/**
 * Does something with the API, and again when it failed for a reason that passes; each is told. The last error is thrown once time is over,
 * and the reason of `stop`.
 */
export async function retryTransient<Value>(work: () => Promise<Value>, retrying: Retrying): Promise<Value> {
  const { stop, report, seconds = AWAY_SECONDS } = retrying;
  const started = performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const why = error instanceof ApiError ? passingReason(error) : undefined;
      if (why === undefined) throw error;
      const left =
        (why === RIGHTS ? Math.min(seconds, RIGHTS_SECONDS) : seconds) * 1000 - (performance.now() - started);
      const pause = pauseMs(attempt, error as ApiError);
      if (pause > left) throw error;
      report.retried(attempt, why, pause);
      // It rejects for a stop alone, whose reason follows.
      await sleep(pause, undefined, { signal: stop }).catch(() => {});
      stop.throwIfAborted();
    }
  }
}

function passingReason({ transient, reason, message }: ApiError): string | undefined {
  if (transient !== undefined) return transient;
  // What an admission plugin refuses has the same status, and other words.
  return reason === 'Forbidden' && / cannot \w+ (?:resource|path) /.test(message) ? RIGHTS : undefined;
}

function pauseMs(attempt: number, { retryAfterSeconds }: ApiError): number {
  const growing = Math.min(LONGEST_PAUSE_MS, 250 * 2 ** Math.min(attempt - 1, 10));
  return Math.max(growing, (retryAfterSeconds ?? 0) * 1000);
}
