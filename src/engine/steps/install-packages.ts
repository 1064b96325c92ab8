import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { Command } from '../../hosts/host.ts';
import { explainDnfFailure } from '../../packages/explain-dnf-failure.ts';
import type { StepHandler } from '../step-handler.ts';
import { waitUntil } from '../wait-until.ts';
import { endGpgAgents } from './end-gpg-agents.ts';
import { installedPackages, notePackagesBefore } from './packages-before.ts';
import { programFailure } from './run-checked.ts';

/** Seconds that another transaction may take: an update of a whole system. */
const DEADLINE = 1800;

/** dnf is not stopped, but carried to its end: half a transaction is what nobody can mend. */
export const installPackages: StepHandler<'install-packages'> = async (step, context) => {
  const { host, report, stop } = context;
  const missing = missingPackages(step.packages, await installedPackages(host));
  if (missing.length === 0) return { changed: false };
  await notePackagesBefore(context);
  const command = step.command as unknown as Command;
  try {
    await waitUntil(
      {
        what: 'no other transaction of packages is under way',
        where: host.name,
        hint: 'See what it is: ps -ef | grep -E "dnf|yum|rpm|PackageKit". When it has ended, run again.',
        look: async () => {
          const result = await host.run(command, { onLine: (line) => report.output(line) });
          if (result.exitCode === 0) return undefined;
          const why = explainDnfFailure(`${result.stdout}\n${result.stderr}`);
          if (why.kind === 'locked') return why.message;
          throw programFailure(command, result, why);
        },
      },
      { deadlineSeconds: DEADLINE, stop, report, periodMs: 1000 },
    );
  } finally {
    await endGpgAgents(host, step.repository);
  }
  const still = missingPackages(step.packages, await installedPackages(host));
  if (still.length === 0) return { changed: true };
  throw new MetalK8sError('STEP_FAILED', `dnf ended well, and these are not installed: ${still.join(', ')}`, {
    where: command.join(' '),
    hint: 'See /var/log/dnf.log on the host.',
  });
};

/** Those of the wanted packages, as rpm prints them, that are not among the installed ones, `NAME-EPOCH:VERSION-RELEASE.ARCH`. */
export function missingPackages(wanted: readonly string[], installed: readonly string[]): readonly string[] {
  const there = new Set(installed.map((each) => each.replace(/-0:(?=[^:]*$)/, '-')));
  return wanted.filter((each) => !there.has(each));
}
