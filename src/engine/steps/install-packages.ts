import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { Host } from '../../hosts/host.ts';
import type { StepHandler, StepOf } from '../step-handler.ts';
import { endGpgAgents } from './end-gpg-agents.ts';
import { installedPackages, notePackagesBefore } from './packages-before.ts';
import { plannedCommand } from './planned-command.ts';
import { runDnf } from './run-dnf.ts';
import { ensureWholePackages, withoutZeroEpoch } from './whole-packages.ts';

/**
 * dnf is told of what lacks, and of nothing that is there: a name that the owner keeps from dnf makes it fail, also where the package is installed.
 * What a transaction that failed or was cut off has left without something that it requires gets that as well; dnf alone would take it for
 * installed.
 */
export const installPackages: StepHandler<'install-packages'> = async (step, context) => {
  const { host } = context;
  const mended = await ensureWholePackages(step, context);
  let first: readonly string[] | undefined = await lacking(step, host);
  if (first.length === 0) return { changed: mended };
  await notePackagesBefore(context);
  try {
    const commandOf = async () => {
      const words = first ?? (await lacking(step, host));
      first = undefined;
      // A dnf that a killed run has left may have installed all, while it was waited for.
      return words.length === 0 ? undefined : plannedCommand([...step.command, ...words]);
    };
    await runDnf(commandOf, (why) => why, context);
  } finally {
    await endGpgAgents(host, step.repository);
  }
  const still = await lacking(step, host);
  if (still.length === 0) return { changed: true };
  throw new MetalK8sError('STEP_FAILED', `dnf ended well, and these are not installed: ${still.join(', ')}`, {
    where: step.command.join(' '),
    hint: 'See /var/log/dnf.log on the host.',
  });
};

/** What a host lacks of a step's packages and of what those that are there require, in words that dnf takes for packages. */
async function lacking(step: StepOf<'install-packages'>, host: Host): Promise<readonly string[]> {
  const missing = missingPackages(step, await installedPackages(host));
  const present = [...step.packages, ...step.anyVersion].filter((each) => !missing.includes(each));
  return [...missing, ...(await unmetRequirements(present, host))];
}

async function unmetRequirements(packages: readonly string[], host: Host): Promise<readonly string[]> {
  if (packages.length === 0) return [];
  const named = packages.map(withoutZeroEpoch);
  const { stdout } = await host.run(['rpm', '--verify', '--nofiles', '--noscripts', '--', ...named]);
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
  const there = new Set(installed);
  const names = new Set(installed.map((each) => each.replace(/-[^-]+-[^-]+$/, '')));
  return [...packages.filter((each) => !there.has(each)), ...anyVersion.filter((name) => !names.has(name))];
}
