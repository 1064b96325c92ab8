import type { ErrorReport } from '../errors/error-report.ts';

/** A step as people see it. Its id is a path (`control-plane/apiserver`), the same on every host that it runs on. */
export interface StepSummary {
  readonly id: string;
  readonly title: string;
  readonly host?: string;
}

export interface RunStarted {
  readonly type: 'run-started';
  readonly command: string;
  /** Those that are known by then. */
  readonly steps: readonly StepSummary[];
  /** Hosts that will have steps once these are planned. */
  readonly hosts?: readonly string[];
}

/** More steps of the run that has started: what is found out by its first steps decides about them. */
interface StepsPlanned {
  readonly type: 'steps-planned';
  readonly steps: readonly StepSummary[];
}

interface StepStarted {
  readonly type: 'step-started';
  readonly step: StepSummary;
}

export interface StepProgress {
  readonly type: 'step-progress';
  readonly step: StepSummary;
  readonly done: number;
  /** Left out when the end is not known. */
  readonly total?: number;
  readonly unit: string;
}

export interface StepWaiting {
  readonly type: 'step-waiting';
  readonly step: StepSummary;
  /** The observable condition: `https://10.0.0.1:6443/readyz answers 200`. */
  readonly for: string;
  /** When the waiting began, ISO 8601. */
  readonly since: string;
  /** What there was instead when somebody looked last: `connection refused`. */
  readonly seen?: string;
}

interface StepOutput {
  readonly type: 'step-output';
  readonly step: StepSummary;
  readonly line: string;
}

interface StepRetried {
  readonly type: 'step-retried';
  readonly step: StepSummary;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  readonly why: string;
  readonly nextInMs: number;
}

interface StepSkipped {
  readonly type: 'step-skipped';
  readonly step: StepSummary;
  readonly why: string;
}

interface StepDone {
  readonly type: 'step-done';
  readonly step: StepSummary;
  /** False: it was already so. Left out by a step that only looks, and changes nothing in any case. */
  readonly changed?: boolean;
}

interface StepFailed {
  readonly type: 'step-failed';
  readonly step: StepSummary;
  readonly error: ErrorReport;
}

interface Warning {
  readonly type: 'warning';
  readonly message: string;
  readonly host?: string;
}

interface RunStopping {
  readonly type: 'run-stopping';
  /** What asked for it: `stopped by SIGINT`. */
  readonly why: string;
}

export interface RunFinished {
  readonly type: 'run-finished';
  readonly command: string;
  readonly outcome: 'done' | 'failed' | 'interrupted';
  readonly summary: RunSummary;
  readonly error?: ErrorReport;
}

/** How many steps ended how, and what the whole took. */
export interface RunSummary {
  readonly changed: number;
  readonly alreadySo: number;
  readonly skipped: number;
  readonly failed: number;
  readonly warnings: number;
  readonly durationMs: number;
}

/** All that is told while something runs. Plain data; the time is added where it is emitted. */
export type ProgressEvent =
  | RunStarted
  | StepsPlanned
  | StepStarted
  | StepProgress
  | StepWaiting
  | StepOutput
  | StepRetried
  | StepSkipped
  | StepDone
  | StepFailed
  | Warning
  | RunStopping
  | RunFinished;

export interface TimedEvent {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly event: ProgressEvent;
}

/** How those who work tell what they do. Never throws and never waits. */
export type Emit = (event: ProgressEvent) => void;
