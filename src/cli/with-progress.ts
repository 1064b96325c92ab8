import type { ErrorReport } from '../errors/error-report.ts';
import type { Emit } from '../events/event.ts';
import type { CommandContext } from './command.ts';
import { openSession, type Run, type Session } from './progress-session.ts';

/** How a run ended: its value, or the exit status of a failure that the user has been told already. */
export type Outcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly exit: number };

/**
 * Runs work that tells its progress, shows it, and tells its end: the summary, and on failure what failed, where, why, what to do next, the
 * log and the command that resumes. The work emits `run-started` with its steps, and throws `stop.reason` when it sees `stop` aborted.
 */
export async function withProgress<Value>(
  context: CommandContext,
  run: Run,
  work: (emit: Emit, stop: AbortSignal) => Promise<Value>,
): Promise<Outcome<Value>> {
  const session = await openSession(context, run);
  const { stop, leave } = context;
  stop.addEventListener('abort', session.stopping);
  leave.addEventListener('abort', session.leave);
  const outcome = await carryOut(session, () => work(session.emit, stop));
  stop.removeEventListener('abort', session.stopping);
  leave.removeEventListener('abort', session.leave);
  await session.end(outcome.ok ? undefined : outcome.report);
  return outcome.ok ? outcome : { ok: false, exit: outcome.report.exit };
}

type Ended<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly report: ErrorReport };

async function carryOut<Value>(session: Session, work: () => Promise<Value>): Promise<Ended<Value>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, report: session.report(error) };
  }
}
