import { setTimeout as sleep } from 'node:timers/promises';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { StepReport } from '../events/step-report.ts';

/** Something that comes about by itself, and can be seen. */
export interface Awaited {
  /** For people, as it will be: `https://10.0.0.1:6443/readyz answers 200`. */
  readonly what: string;
  /**
   * Looks once: gives what was seen instead, in a line for people, or undefined when it is so. Where it ends because `stop` is aborted, it throws
   * the reason of that, or an error with it as the cause; what cannot be broken off goes on to its end.
   */
  readonly look: (stop: AbortSignal) => Promise<string | undefined>;
  /** Where it is waited for, and where to look when it does not come about. */
  readonly where: string;
  readonly hint: string;
  /** Asked once the deadline has passed, for what else there is to be seen: lines for people. */
  readonly explain?: () => Promise<readonly string[]>;
  /** Called when nobody looks any more, however that came. */
  readonly end?: () => void;
}

export interface Waiting {
  readonly deadlineSeconds: number;
  readonly stop: AbortSignal;
  readonly report: Pick<StepReport, 'waiting'>;
  /** Between two looks; a quarter of a second when left out. */
  readonly periodMs?: number;
}

/**
 * Looks until what is awaited is so; gives the number of looks, 1 when it was so already. What is waited for is told at once, and again
 * whenever something else is seen. Throws the reason of `stop`, what `look` throws for itself, also after the deadline or a stop, and a
 * `STEP_FAILED` with what was seen last once the deadline has passed. The clock of the host may be set meanwhile.
 */
export async function waitUntil(awaited: Awaited, waiting: Waiting): Promise<number> {
  try {
    return await lookUntil(awaited, waiting);
  } finally {
    awaited.end?.();
  }
}

async function lookUntil(
  { what, look, where, hint, explain = async () => [] }: Awaited,
  { deadlineSeconds, stop, report, periodMs = 250 }: Waiting,
): Promise<number> {
  const end = performance.now() + deadlineSeconds * 1000;
  let seen: string | undefined;
  for (let looks = 1; ; looks++) {
    stop.throwIfAborted();
    const late = AbortSignal.timeout(Math.max(1, Math.ceil(end - performance.now())));
    const now = await lookOnce(look, { stop, late });
    if (now === undefined) return looks;
    if (looks === 1 || (now !== seen && now !== UNANSWERED)) report.waiting(what, now);
    // What was seen before says more than that the last look took too long.
    seen = now === UNANSWERED ? (seen ?? now) : now;
    if (performance.now() >= end) {
      throw new MetalK8sError('STEP_FAILED', `Waited ${deadlineSeconds} seconds in vain for this: ${what}`, {
        where,
        hint,
        // That it cannot be explained hides no failure.
        cause: new Error([`seen last: ${seen}`, ...(await explain().catch(() => []))].join('\n')),
      });
    }
    // Once stopped: the next round tells.
    await sleep(Math.min(periodMs, Math.max(0, end - performance.now())), undefined, { signal: stop }).catch(() => {});
  }
}

const UNANSWERED = 'no answer';

async function lookOnce(
  look: Awaited['look'],
  { stop, late }: { readonly stop: AbortSignal; readonly late: AbortSignal },
): Promise<string | undefined> {
  try {
    return await look(AbortSignal.any([stop, late]));
  } catch (error) {
    // What fails by itself is told as it is, however late: the signal is not why.
    if (comesFrom(error, stop)) throw stop.reason;
    if (comesFrom(error, late)) return UNANSWERED;
    throw error;
  }
}

/** Whether a signal ended it: what does so throws the signal's reason, or has it as its cause. */
function comesFrom(error: unknown, { aborted, reason }: AbortSignal): boolean {
  for (let each = error; aborted && each !== undefined; each = each instanceof Error ? each.cause : undefined) {
    if (each === reason) return true;
  }
  return false;
}
