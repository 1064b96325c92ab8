import { clean } from '../errors/clean.ts';
import { errorCodes } from '../errors/error-codes.ts';
import { reportError } from '../errors/error-report.ts';
import { presentError } from '../errors/present-error.ts';
import { createSecrets } from '../errors/secrets.ts';
import type { CommandContext, CommandTable, Output } from './command.ts';
import { commands } from './commands.ts';
import { type Interruption, type SignalSource, watchSignals } from './interruption.ts';
import { runProgram } from './run-program.ts';
import { keepAlive, release, write } from './write.ts';

/** What a run of the program gets from outside. */
export interface Invocation {
  /** The arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly signals: SignalSource;
}

/**
 * The whole program: parses, runs the command, and turns every failure into text on stderr and an exit status, which it returns. It returns
 * before the command has ended when the user leaves at once; the caller then ends the process.
 */
export async function main(invocation: Invocation, table: CommandTable = commands): Promise<number> {
  const { env, stdout, stderr } = invocation;
  const interruption = watchSignals(invocation.signals);
  const context = { env, stdout, stderr, secrets: createSecrets(), now: () => new Date(), ...interruption };
  keepAlive(stdout);
  keepAlive(stderr);
  try {
    return await Promise.race([runToEnd(context, invocation.argv, table), left(interruption)]);
  } finally {
    interruption.dispose();
    release(stdout);
    release(stderr);
  }
}

async function runToEnd(context: Context, argv: readonly string[], table: CommandTable): Promise<number> {
  try {
    const status = await Promise.race([runProgram(context, argv, table), context.defect]);
    await write(context.stdout, '');
    return status;
  } catch (error) {
    const report = clean(reportError(error), context.secrets);
    await write(context.stderr, presentError(report)).catch(() => {});
    return report.exit;
  }
}

type Context = CommandContext & Interruption;

function left({ leave }: Interruption): Promise<number> {
  return new Promise((resolve) => {
    leave.addEventListener('abort', () => resolve(errorCodes.INTERRUPTED.exit), { once: true });
  });
}
