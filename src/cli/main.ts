import { clean } from '../errors/clean.ts';
import { errorCodes } from '../errors/error-codes.ts';
import { reportError } from '../errors/error-report.ts';
import { presentError } from '../errors/present-error.ts';
import { createSecrets } from '../errors/secrets.ts';
import type { CommandContext, CommandTable, Input, Output } from './command.ts';
import { commands } from './commands.ts';
import { type Interruption, type SignalSource, watchSignals } from './interruption.ts';
import { runProgram } from './run-program.ts';
import { keepAlive, release, write } from './write.ts';

/** What a run of the program gets from outside. */
export interface Invocation {
  /** The arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly openStdin: () => Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly signals: SignalSource;
  /** Ends the process at once, whatever is under way. Called when the command has not ended: the user leaves, or a defect came up beside it. */
  readonly exit: (status: number) => void;
}

/**
 * The whole program: parses, runs the command, and turns every failure into text on stderr and an exit status, which it returns for the
 * process to end with when nothing is under way any more.
 */
export async function main(invocation: Invocation, table: CommandTable = commands): Promise<number> {
  const { argv, env, openStdin, stdout, stderr } = invocation;
  const interruption = watchSignals(invocation.signals);
  const context = {
    argv,
    env,
    openStdin,
    stdout,
    stderr,
    secrets: createSecrets(),
    now: () => new Date(),
    ...interruption,
  };
  keepAlive(stdout);
  keepAlive(stderr);
  let atWork = true;
  const work = runProgram(context, table).finally(() => {
    atWork = false;
  });
  const status = await Promise.race([told(context, Promise.race([work, context.defect])), left(interruption)]);
  interruption.dispose();
  release(stdout);
  release(stderr);
  if (atWork) invocation.exit(status);
  return status;
}

/** The status of the work, once all that it wrote has left this process. */
async function told(context: Context, work: Promise<number>): Promise<number> {
  try {
    const status = await work;
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
