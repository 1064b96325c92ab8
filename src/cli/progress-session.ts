import { clean } from '../errors/clean.ts';
import { type ErrorReport, reportError } from '../errors/error-report.ts';
import { presentError } from '../errors/present-error.ts';
import type { Emit, ProgressEvent, RunFinished } from '../events/event.ts';
import { count, emptyTally } from '../events/tally.ts';
import type { Listener } from '../progress/listener.ts';
import { logOfPlan } from '../progress/log-of-plan.ts';
import type { CommandContext } from './command.ts';
import { openListeners, type ProgressOptions } from './open-listeners.ts';
import { stopwatch } from './stopwatch.ts';
import { write } from './write.ts';

export interface Run {
  /** The command's name, as events tell it. */
  readonly command: string;
  /** What the user types to go on after a failure. */
  readonly resume: string;
  readonly options: ProgressOptions;
  /** The log file where the user names none, see `logOfPlan`. */
  readonly logOfPlan?: string;
}

/** One run between its listeners and the terminal. Whatever passes is timed, and free of secrets and control characters. */
export interface Session {
  readonly emit: Emit;
  /** The user asked to stop. */
  readonly stopping: () => void;
  /** The user leaves at once: tells the end without waiting for anything. */
  readonly leave: () => void;
  readonly report: (error: unknown) => ErrorReport;
  /** Tells the end, and waits until all of it is shown and kept. */
  readonly end: (report?: ErrorReport) => Promise<void>;
}

export async function openSession(context: CommandContext, run: Run): Promise<Session> {
  const listeners: Listener[] = [];
  const elapsed = stopwatch();
  let log = run.options.logFile;
  let tally = emptyTally;
  let open = true;

  function emit(event: ProgressEvent): void {
    if (!open) return;
    tally = count(tally, event);
    const timed = { time: context.now().toISOString(), event: clean(event, context.secrets) };
    for (const listener of listeners) listener.on(timed);
  }

  function report(error: unknown): ErrorReport {
    return clean(reportError(error, { logFile: log, resume: run.resume }), context.secrets);
  }

  function finish(error: ErrorReport | undefined): void {
    const summary = { ...tally, durationMs: elapsed() };
    const outcome = outcomeOf(error);
    emit({ type: 'run-finished', command: run.command, outcome, summary, ...(error === undefined ? {} : { error }) });
    open = false;
  }

  /** With JSON on stderr the last event holds the error already. */
  function lastWords(error: ErrorReport | undefined): string {
    return error === undefined || run.options.logFormat === 'json' ? '' : presentError(error);
  }

  const onProblem = (message: string) => emit({ type: 'warning', message });
  if (log === undefined && run.logOfPlan !== undefined) {
    const path = run.logOfPlan;
    const onOpen = () => {
      log = path;
    };
    listeners.push(logOfPlan({ path, format: run.options.logFormat, onProblem, onOpen }));
  }
  listeners.push(...(await openListeners(context, run.options, onProblem)));
  return {
    emit,
    report,
    stopping: () => emit({ type: 'run-stopping', why: String(context.stop.reason.message) }),
    leave() {
      const error = report(context.leave.reason);
      for (const listener of listeners) listener.leave();
      finish(error);
      context.stderr.write(lastWords(error));
    },
    async end(error) {
      if (!open) return;
      finish(error);
      await Promise.all(listeners.map((listener) => listener.close()));
      await write(context.stderr, lastWords(error)).catch(() => {});
    },
  };
}

function outcomeOf(error: ErrorReport | undefined): RunFinished['outcome'] {
  if (error === undefined) return 'done';
  return error.code === 'INTERRUPTED' ? 'interrupted' : 'failed';
}
