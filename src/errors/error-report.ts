import { type ErrorCode, errorCodes } from './error-codes.ts';
import { isMetalK8sError } from './metalk8s-error.ts';

/** Why something failed: one link of the chain. `details` is the long form, for the log file only. */
interface ErrorCause {
  readonly message: string;
  readonly details?: string;
}

/** A failure as plain data: what failed, where, why, what to do next. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly exit: number;
  readonly message: string;
  readonly where?: string;
  readonly causes: readonly ErrorCause[];
  readonly hint?: string;
  /** Only of what is not an error of our own making. */
  readonly stack?: string;
  readonly logFile?: string;
  /** The command that resumes. */
  readonly resume?: string;
}

/** What the error itself cannot know. */
export interface ReportContext {
  readonly logFile?: string | undefined;
  readonly resume?: string | undefined;
}

const reportHint =
  'This is a defect of metalk8s. Please report it with these lines, the log file and the output of `metalk8s version -o json`.';

/** Turns whatever was thrown into plain data. What is not one of our own errors counts as a defect of ours. */
export function reportError(error: unknown, { logFile, resume }: ReportContext = {}): ErrorReport {
  const code = isMetalK8sError(error) ? error.code : 'INTERNAL';
  const where = isMetalK8sError(error) ? error.where : undefined;
  const hint = (isMetalK8sError(error) ? error.hint : undefined) ?? (code === 'INTERNAL' ? reportHint : undefined);
  const stack = !isMetalK8sError(error) && error instanceof Error ? error.stack : undefined;
  return {
    code,
    exit: errorCodes[code].exit,
    message: shortMessage(error),
    ...(where === undefined ? {} : { where }),
    causes: causesOf(error),
    ...(hint === undefined ? {} : { hint }),
    ...(stack === undefined ? {} : { stack }),
    ...(logFile === undefined ? {} : { logFile }),
    ...(resume === undefined ? {} : { resume }),
  };
}

/** The chain of causes, outermost first; the members of an AggregateError one after another; each error once. */
function causesOf(error: unknown): ErrorCause[] {
  const seen = new Set<unknown>([error]);
  const queue = next(error);
  const causes: ErrorCause[] = [];
  for (let cause = queue.shift(); cause !== undefined; cause = queue.shift()) {
    if (seen.has(cause)) continue;
    seen.add(cause);
    causes.push(toCause(cause));
    queue.unshift(...next(cause));
  }
  return causes;
}

function next(error: unknown): unknown[] {
  if (!(error instanceof Error)) return [];
  const members: unknown[] = error instanceof AggregateError ? error.errors : [];
  return error.cause === undefined || error.cause === null ? [...members] : [...members, error.cause];
}

function toCause(cause: unknown): ErrorCause {
  const message = shortMessage(cause);
  const details = cause instanceof Error ? cause.message : undefined;
  return details === undefined || details === message ? { message } : { message, details };
}

/** A failed subprocess has a short message (command and reason) beside the full one with its output: execa's own split. */
function shortMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const short: unknown = 'shortMessage' in error ? error.shortMessage : undefined;
  return typeof short === 'string' ? short : error.message || error.name;
}
