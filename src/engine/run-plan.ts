import { isMetalK8sError, MetalK8sError } from '../errors/metalk8s-error.ts';
import type { Emit, StepSummary } from '../events/event.ts';
import { runStep } from '../events/run-step.ts';
import type { Host } from '../hosts/host.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { type Journal, openJournal, type RunOutcome } from './journal.ts';
import type { Lease } from './lease.ts';
import type { Possessions } from './possessions.ts';
import { beginRun, isBegun, journalPath } from './run-folders.ts';
import type { StepContext, StepHandlers, StepOutcome } from './step-handler.ts';

export interface PlanRun {
  /** See `nextRunId`; a run that was begun with the same plan is carried on with. */
  readonly runId: string;
  readonly host: Host;
  readonly handlers: StepHandlers;
  readonly possessions: Possessions;
  /** The folder of all runs. */
  readonly runs: string;
  /** The folder of their logs. */
  readonly logs: string;
  /** What the plan follows from, kept beside it. Plain data without secrets. */
  readonly inputs: unknown;
  /** What has to be known before the first step. The run has begun by then, so that a kill meanwhile leaves one to carry on with. */
  readonly prepare?: () => Promise<void>;
  /** What there is to be done after the last step, before the run is told to be done. */
  readonly finish?: () => Promise<void>;
  /** Looked at before each step. */
  readonly lease?: Lease;
  readonly emit: Emit;
  /** Aborted: no further step is begun, and the reason is thrown. */
  readonly stop: AbortSignal;
  readonly now: () => Date;
}

/** How many steps have changed something, and how many could have and did not. */
export interface RunResult {
  readonly runId: string;
  readonly changed: number;
  readonly alreadySo: number;
}

/**
 * Carries a plan out, step by step, all of them, also when it did so before: each step sees for itself what is done already. Intent is in the
 * journal before the effect. Throws the reason of `stop`, for a plan of another host a `DIFFERS` before anything is done, and for a step that
 * failed an error of the same code that names step, host, run and journal. The caller holds the lock of the host, and has told that a run has
 * started.
 */
export async function runPlan(plan: Plan, run: PlanRun): Promise<RunResult> {
  const { emit, now, runId } = run;
  refuseOtherHosts(plan, run);
  const journal = await openRun(plan, run);
  try {
    emit({ type: 'steps-planned', steps: plan.steps.map(summaryOf) });
    await run.prepare?.();
    const changed = await carryOut(plan, run, journal);
    await run.finish?.();
    await journal.write({ time: now().toISOString(), what: 'run-ended', outcome: 'done' });
    const looks = plan.steps.filter(looksOnly).length;
    return { runId, changed, alreadySo: plan.steps.length - changed - looks };
  } catch (error) {
    // What made it fail may keep the journal from being written as well, and says more than that.
    await journal.write({ time: now().toISOString(), what: 'run-ended', outcome: outcomeOf(error) }).catch(() => {});
    throw error;
  } finally {
    await run.lease?.release();
    await journal.close();
  }
}

/** A stored plan names the host as it was called then, and certificates and objects of the cluster bear that name. */
function refuseOtherHosts({ steps, command }: Plan, { host, runId }: Pick<PlanRun, 'host' | 'runId'>): void {
  const other = steps.find((step) => step.host !== host.name)?.host;
  if (other === undefined) return;
  throw new MetalK8sError('DIFFERS', `the plan is for the host ${other}, and this one is called ${host.name}`, {
    where: `run ${runId}`,
    hint: `If it is the same host, name it as it was and run again: hostnamectl hostname ${other}; metalk8s ${command}. To have it under another name: metalk8s reset, and begin anew.`,
  });
}

async function openRun(
  plan: Plan,
  { runId: id, runs, logs, inputs, now }: Pick<PlanRun, 'runId' | 'runs' | 'logs' | 'inputs' | 'now'>,
): Promise<Journal> {
  const resumed = await isBegun(runs, { id, plan });
  if (!resumed) await beginRun({ runs, logs }, { id, plan, inputs, now: now() });
  const journal = await openJournal(journalPath(runs, id));
  try {
    const { command, version, digest: planDigest } = plan;
    if (resumed) await journal.write({ time: now().toISOString(), what: 'run-begun', command, version, planDigest });
    return journal;
  } catch (error) {
    await journal.close();
    throw error;
  }
}

/** Gives how many steps have changed something. */
async function carryOut({ steps, contents }: Plan, run: PlanRun, journal: Journal): Promise<number> {
  let changed = 0;
  for (const step of steps) {
    run.stop.throwIfAborted();
    await run.lease?.hold();
    const outcome = await runStep(summaryOf(step), { ...run, looks: looksOnly(step) }, (report) =>
      carryOutStep(step, { ...run, contents, report, journal }),
    );
    if (outcome.changed) changed += 1;
  }
  return changed;
}

type Carrying = PlanRun & Pick<StepContext, 'contents' | 'report'> & { readonly journal: Journal };

async function carryOutStep(step: Step, carrying: Carrying): Promise<StepOutcome> {
  const { host, contents, report, possessions, stop, now, journal } = carrying;
  const named = { host: step.host, step: step.id } as const;
  const time = () => now().toISOString();
  await journal.write({ time: time(), what: 'step-begun', ...named });
  try {
    const handler = carrying.handlers[step.kind] as (step: Step, context: StepContext) => Promise<StepOutcome>;
    const outcome = await handler(step, { host, contents, report, possessions, stop, now });
    await journal.write({ time: time(), what: 'step-done', ...named, changed: outcome.changed });
    if (!outcome.changed) report.unchanged();
    return outcome;
  } catch (error) {
    const code = isMetalK8sError(error) ? error.code : 'INTERNAL';
    // What made it fail may keep the journal from being written as well, and says more than that.
    await journal.write({ time: time(), what: 'step-failed', ...named, code }).catch(() => {});
    throw code === 'INTERRUPTED' ? error : failureOf(step, error, carrying);
  }
}

/** The failure of a step as its run tells it; the code stays, so that whoever looks at it knows what kind it is. */
function failureOf(step: Step, error: unknown, { runId, runs }: Pick<PlanRun, 'runId' | 'runs'>): MetalK8sError {
  const ours = isMetalK8sError(error) ? error : undefined;
  const place = `${step.host}, step ${step.id} of run ${runId}, journal ${journalPath(runs, runId)}`;
  return new MetalK8sError(ours?.code ?? 'INTERNAL', `${step.title}: ${words(error)}`, {
    where: ours?.where === undefined ? place : `${ours.where}\n${place}`,
    ...(ours?.hint === undefined ? {} : { hint: ours.hint }),
    cause: ours === undefined ? error : ours.cause,
  });
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function looksOnly({ kind }: Step): boolean {
  return kind === 'wait-for' || kind === 'check-archive';
}

function summaryOf({ id, title, host }: Step): StepSummary {
  return { id, title, host };
}

function outcomeOf(error: unknown): RunOutcome {
  return isMetalK8sError(error) && error.code === 'INTERRUPTED' ? 'interrupted' : 'failed';
}
