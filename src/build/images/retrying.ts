import { setTimeout as sleep } from 'node:timers/promises';
import type { StepReport } from '../../events/step-report.ts';
import { SkopeoError } from './skopeo.ts';

interface Retrying {
  /** What is tried, for whoever watches. */
  readonly what: string;
  readonly stop: AbortSignal;
  readonly report: StepReport;
}

/** Tries until it succeeds, as often and with the pauses that the kind of each failure allows. Throws the last SkopeoError. */
export async function retrying<Value>({ what, stop, report }: Retrying, work: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const pause = error instanceof SkopeoError ? error.kind.pauses[attempt - 1] : undefined;
      if (pause === undefined || !(error instanceof SkopeoError)) throw error;
      report.retried(attempt, `${what}: ${error.kind.message}: ${error.message}`, pause * 1000);
      await sleep(pause * 1000, undefined, { signal: stop }).catch(() => {});
      stop.throwIfAborted();
    }
  }
}
