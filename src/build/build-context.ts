/** What every part of a build is given. */
export interface BuildContext {
  /** Absolute path of the cache; everything in it can be made again. */
  readonly cache: string;
  /** How many things are fetched or worked on at once. */
  readonly concurrency: number;
  /** Seconds since 1970: the one date that stands on the disc. */
  readonly epoch: number;
  /** Aborted: begin nothing new, throw its reason. */
  readonly stop: AbortSignal;
  /** Environment of the tools that are run. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How a step tells what it does. Never throws and never waits. */
export interface StepReport {
  progress(done: number, total: number | undefined, unit: string): void;
  output(line: string): void;
  /** `attempt` is the one that failed, from 1. */
  retried(attempt: number, why: string, nextInMs: number): void;
  waiting(what: string): void;
  warning(message: string): void;
  /** What was asked for is there already: nothing had to be fetched or made. */
  unchanged(): void;
}
