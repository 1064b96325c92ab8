/** How a step tells what it does. Never throws and never waits. */
export interface StepReport {
  progress(done: number, total: number | undefined, unit: string): void;
  output(line: string): void;
  /** `attempt` is the one that failed, from 1. */
  retried(attempt: number, why: string, nextInMs: number): void;
  /** `seen`: what there was instead when somebody looked last. Told again of the same thing, the waiting goes on. */
  waiting(what: string, seen?: string): void;
  warning(message: string): void;
  /** What was asked for is there already: nothing had to be fetched or made. */
  unchanged(): void;
}
