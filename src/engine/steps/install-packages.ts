import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { Host } from '../../hosts/host.ts';
import type { StepContext, StepHandler, StepOf } from '../step-handler.ts';
import { endGpgAgents } from './end-gpg-agents.ts';
import { installedPackages, notePackagesBefore } from './packages-before.ts';
import { plannedCommand } from './planned-command.ts';
import { runDnf } from './run-dnf.ts';

/**
 * What a transaction that failed or was cut off has left without something that it requires gets that as well; dnf alone would take it for
 * installed.
 */
export const installPackages: StepHandler<'install-packages'> = async (step, context) => {
  const { host } = context;
  if ((await lacking(step, context)).length === 0) return { changed: false };
  await notePackagesBefore(context);
  try {
    const commandOf = async () => plannedCommand([...step.command, ...(await unmetRequirements(step, host))]);
    await runDnf(commandOf, (why) => why, context);
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

async function lacking(step: StepOf<'install-packages'>, { host }: StepContext): Promise<readonly string[]> {
  const missing = missingPackages(step, await installedPackages(host));
  return missing.length > 0 ? missing : unmetRequirements(step, host);
}

/** What those of the packages that are installed require and the host does not have, in words that dnf takes for a package. */
async function unmetRequirements(step: StepOf<'install-packages'>, host: Host): Promise<readonly string[]> {
  const missing = missingPackages(step, await installedPackages(host));
  const present = [...step.packages, ...step.anyVersion].filter((each) => !missing.includes(each));
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

/** Those of a step's packages that are not among the installed ones, `NAME-EPOCH:VERSION-RELEASE.ARCH`. */
export function missingPackages(
  { packages, anyVersion }: Pick<StepOf<'install-packages'>, 'packages' | 'anyVersion'>,
  installed: readonly string[],
): readonly string[] {
  const there = new Set(installed.map((each) => each.replace(/-0:(?=[^:]*$)/, '-')));
  const names = new Set(installed.map((each) => each.replace(/-[^-]+-[^-]+$/, '')));
  return [...packages.filter((each) => !there.has(each)), ...anyVersion.filter((name) => !names.has(name))];
}
