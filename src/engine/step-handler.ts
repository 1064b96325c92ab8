import type { StepReport } from '../events/step-report.ts';
import type { Host } from '../hosts/host.ts';
import type { Plan, Step } from '../plan/plan.ts';
import type { Possessions } from './possessions.ts';

/** What a handler acts through. */
export interface StepContext {
  readonly host: Host;
  /** Texts of the plan by their sha256. */
  readonly contents: Plan['contents'];
  readonly report: StepReport;
  /** What a host had before and what is ours, written down before anything is changed, so that it can be undone. */
  readonly possessions: Possessions;
  /** Aborted: a wait ends with its reason; what changes the host is carried to its end. */
  readonly stop: AbortSignal;
  readonly now: () => Date;
}

export interface StepOutcome {
  /** False: all was so already. */
  readonly changed: boolean;
}

export type StepOf<Kind extends Step['kind']> = Extract<Step, { readonly kind: Kind }>;

/**
 * Does one kind of step: reads the present first, changes only what differs, and leaves whole files or none. Run again after it was killed
 * at any instant, it comes to the same end. Throws a MetalK8sError that says what failed, where and what to do.
 */
export type StepHandler<Kind extends Step['kind']> = (step: StepOf<Kind>, context: StepContext) => Promise<StepOutcome>;

/** One for each kind; the compiler names the one that is missing. */
export type StepHandlers = { readonly [Kind in Step['kind']]: StepHandler<Kind> };
