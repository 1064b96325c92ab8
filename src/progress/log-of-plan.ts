import type { TimedEvent } from '../events/event.ts';
import type { Listener } from './listener.ts';
import { type LogFileOptions, logFile } from './log-file.ts';

interface LogOfPlanOptions extends LogFileOptions {
  readonly onOpen: () => void;
}

/**
 * A log file that is opened when steps are planned, and begins with what was told before: a run that ends earlier has changed nothing, not
 * even a log. Where it cannot be opened, `onProblem` is told.
 */
export function logOfPlan({ onOpen, ...options }: LogOfPlanOptions): Listener {
  const early: TimedEvent[] = [];
  let log: Listener | undefined;
  let done = false;

  function open(): void {
    done = true;
    try {
      log = logFile(options);
      onOpen();
    } catch (error) {
      options.onProblem(`no log is kept in ${options.path}: ${(error as Error).message}`);
    }
    for (const timed of early.splice(0)) log?.on(timed);
  }

  return {
    on(timed) {
      if (done) return log?.on(timed);
      // How far a transfer is matters while it lasts.
      if (timed.event.type !== 'step-progress') early.push(timed);
      if (timed.event.type === 'steps-planned') open();
    },
    close: async () => log?.close(),
    leave: () => log?.leave(),
  };
}
