import type { ErrorCode } from './error-codes.ts';

/** The same in every copy of this module, so that an error of another copy is still known as ours. */
const brand = Symbol.for('metalk8s.error');

export interface ErrorDetails {
  /** Where it happened: a file with its line, a host, a command, a package. */
  readonly where?: string;
  /** What the reader can do next. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** Every failure that we know how to explain. The message says what failed, in one sentence without the where and the hint. */
export class MetalK8sError extends Error {
  readonly [brand] = true;
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.name = 'MetalK8sError';
    this.code = code;
    this.where = details.where;
    this.hint = details.hint;
  }
}

export function isMetalK8sError(value: unknown): value is MetalK8sError {
  return typeof value === 'object' && value !== null && brand in value;
}
