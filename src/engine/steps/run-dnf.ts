import type { Command } from '../../hosts/host.ts';
import { type DnfFailure, explainDnfFailure } from '../../packages/explain-dnf-failure.ts';
import type { StepContext } from '../step-handler.ts';
import { waitUntil } from '../wait-until.ts';
import { type Failure, programFailure } from './run-checked.ts';

/** Seconds that another transaction may take: an update of a whole system. */
const DEADLINE = 1800;

/**
 * Carries a transaction of packages out, once no other is under way. It is not stopped, but carried to its end: half a transaction is what nobody
 * can mend. `commandOf`: asked before each attempt; with `EXIT_ON_LOCK`; undefined: nothing is left to do. `failureOf`: how a failure is told, from what dnf said.
 */
export async function runDnf(
  commandOf: () => Promise<Command | undefined>,
  failureOf: (why: DnfFailure) => Failure,
  { host, report, stop }: Pick<StepContext, 'host' | 'report' | 'stop'>,
): Promise<void> {
  await waitUntil(
    {
      what: 'no other transaction of packages is under way',
      where: host.name,
      hint: 'See what it is: ps -ef | grep -E "dnf|yum|rpm|PackageKit". When it has ended, run again.',
      look: async () => {
        const command = await commandOf();
        if (command === undefined) return undefined;
        const result = await host.run(command, { onLine: (line) => report.output(line) });
        if (result.exitCode === 0) return undefined;
        const why = explainDnfFailure(`${result.stdout}\n${result.stderr}`);
        if (why.kind === 'locked') return why.message;
        throw programFailure(command, result, failureOf(why));
      },
    },
    { deadlineSeconds: DEADLINE, stop, report, periodMs: 1000 },
  );
}
