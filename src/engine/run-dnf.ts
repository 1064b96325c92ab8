import type { StepReport } from '../events/step-report.ts';
import type { Command, CommandResult, Host } from '../hosts/host.ts';
import { type DnfFailure, explainDnfFailure } from '../packages/explain-dnf-failure.ts';
import { type Failure, programFailure } from './run-checked.ts';
import { waitUntil } from './wait-until.ts';

/** Seconds that another transaction may take: an update of a whole system. */
const DEADLINE = 1800;

/** What dnf is run through. */
export interface DnfContext {
  readonly host: Host;
  readonly report: Pick<StepReport, 'waiting' | 'output'>;
  readonly stop: AbortSignal;
}

/**
 * Carries a transaction of packages out, once no other is under way. It is not stopped, but carried to its end: half a transaction is what nobody
 * can mend. `commandOf`: asked before each attempt; with `EXIT_ON_LOCK`; undefined: nothing is left to do. `failureOf`: how a failure is told, from what dnf said.
 */
export async function runDnf(
  commandOf: () => Promise<Command | undefined>,
  failureOf: (why: DnfFailure) => Failure,
  context: DnfContext,
): Promise<void> {
  const { host, report } = context;
  await onceUnlocked(
    'no other transaction of packages is under way',
    async () => {
      const command = await commandOf();
      return command && { command, result: await host.run(command, { onLine: (line) => report.output(line) }) };
    },
    failureOf,
    context,
  );
}

/** Asks dnf something, once no other has its lock; gives the lines of its answer. `command`: with `EXIT_ON_LOCK`. */
export async function askDnf(command: Command, failure: Failure, context: DnfContext): Promise<readonly string[]> {
  let lines: readonly string[] = [];
  await onceUnlocked(
    'dnf answers',
    async (stop) => {
      const result = await context.host.run(command, { stop });
      lines = result.stdout.split('\n').filter((line) => line !== '');
      return { command, result };
    },
    () => failure,
    context,
  );
  return lines;
}

interface Attempt {
  readonly command: Command;
  readonly result: CommandResult;
}

async function onceUnlocked(
  what: string,
  attempt: (stop: AbortSignal) => Promise<Attempt | undefined>,
  failureOf: (why: DnfFailure) => Failure,
  { host, report, stop }: DnfContext,
): Promise<void> {
  await waitUntil(
    {
      what,
      where: host.name,
      hint: 'See what it is: ps -ef | grep -E "dnf|yum|rpm|PackageKit". When it has ended, run again.',
      look: async (ending) => {
        const attempted = await attempt(ending);
        if (attempted === undefined || attempted.result.exitCode === 0) return undefined;
        const { command, result } = attempted;
        const why = explainDnfFailure(`${result.stdout}\n${result.stderr}`);
        if (why.kind === 'locked') return why.message;
        throw programFailure(command, result, failureOf(why));
      },
    },
    { deadlineSeconds: DEADLINE, stop, report, periodMs: 1000 },
  );
}
