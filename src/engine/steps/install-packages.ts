import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { Host } from '../../hosts/host.ts';
import { explainDnfFailure } from '../../packages/explain-dnf-failure.ts';
import type { StepContext, StepHandler, StepOf } from '../step-handler.ts';
import { waitUntil } from '../wait-until.ts';
import { endGpgAgents } from './end-gpg-agents.ts';
import { installedPackages, notePackagesBefore } from './packages-before.ts';
import { plannedCommand } from './planned-command.ts';
import { programFailure } from './run-checked.ts';

/** Seconds that another transaction may take: an update of a whole system. */
const DEADLINE = 1800;

/**
 * dnf is not stopped, but carried to its end: half a transaction is what nobody can mend. What a transaction that failed or was cut off has left
 * without something that it requires gets that as well; dnf alone would take it for installed.
 */
export const installPackages: StepHandler<'install-packages'> = async (step, context) => {
  const { host, report, stop } = context;
  if ((await lacking(step, context)).length === 0) return { changed: false };
  await notePackagesBefore(context);
  try {
    await waitUntil(
      {
        what: 'no other transaction of packages is under way',
        where: host.name,
        hint: 'See what it is: ps -ef | grep -E "dnf|yum|rpm|PackageKit". When it has ended, run again.',
        look: async () => {
          const command = plannedCommand([...step.command, ...(await unmetRequirements(step.packages, host))]);
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
  const still = await lacking(step, context);
  if (still.length === 0) return { changed: true };
  throw new MetalK8sError('STEP_FAILED', `dnf ended well, and these are not installed: ${still.join(', ')}`, {
    where: step.command.join(' '),
    hint: 'See /var/log/dnf.log on the host.',
  });
};

async function lacking({ packages }: StepOf<'install-packages'>, { host }: StepContext): Promise<readonly string[]> {
  const missing = missingPackages(packages, await installedPackages(host));
  return missing.length > 0 ? missing : unmetRequirements(packages, host);
}

/** What those of the packages that are installed require and the host does not have, in words that dnf takes for a package. */
async function unmetRequirements(packages: readonly string[], host: Host): Promise<readonly string[]> {
  const missing = missingPackages(packages, await installedPackages(host));
  const present = packages.filter((each) => !missing.includes(each));
  if (present.length === 0) return [];
  const { stdout } = await host.run(['rpm', '--verify', '--nofiles', '--noscripts', '--', ...present]);
  return readUnmet(stdout);
}

/** Reads lines such as `<tab>salt = 3008.3-0 is needed by (installed) salt-minion-3008.3-0.x86_64`. */
export function readUnmet(text: string): readonly string[] {
  return [
    ...new Set(
      [...text.matchAll(/^\s+(.+?) is needed by (?:\(installed\) )?\S+$/gm)].flatMap(([, what]) => what ?? []),
    ),
  ];
}

/** Those of the wanted packages, as rpm prints them, that are not among the installed ones, `NAME-EPOCH:VERSION-RELEASE.ARCH`. */
export function missingPackages(wanted: readonly string[], installed: readonly string[]): readonly string[] {
  const there = new Set(installed.map((each) => each.replace(/-0:(?=[^:]*$)/, '-')));
  return wanted.filter((each) => !there.has(each));
}
