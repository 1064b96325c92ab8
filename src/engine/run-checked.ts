import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { Command, CommandResult, Host, RunOptions } from '../hosts/host.ts';
import { lastLines } from '../hosts/last-lines.ts';

/** How a failure of a program is told. */
export interface Failure {
  readonly message: string;
  readonly hint: string;
}

/** Runs a program that has to succeed. Throws a `STEP_FAILED` with the last lines that it wrote. */
export async function runChecked(
  host: Host,
  command: Command,
  failure: Failure,
  options?: RunOptions,
): Promise<CommandResult> {
  const result = await host.run(command, options);
  if (result.exitCode !== 0) throw programFailure(command, result, failure);
  return result;
}

/** The failure of a program, with the last lines that it wrote as its cause. */
export function programFailure(
  command: Command,
  { exitCode, stdout, stderr }: CommandResult,
  { message, hint }: Failure,
): MetalK8sError {
  const words = lastLines(stderr, 20) || lastLines(stdout, 20) || 'it said nothing';
  return new MetalK8sError('STEP_FAILED', message, {
    where: command.join(' ').slice(0, 500),
    hint,
    cause: new Error(`exit status ${exitCode}: ${words}`),
  });
}
