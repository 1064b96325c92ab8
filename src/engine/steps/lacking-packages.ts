import type { Host } from '../../hosts/host.ts';
import { installedPackages } from '../rpm-database.ts';
import type { StepOf } from '../step-handler.ts';
import { withoutZeroEpoch } from './damaged-packages.ts';

/** What a host lacks of a step's packages and of what those that are there require, in words that dnf takes for packages. */
export async function lackingPackages(step: StepOf<'install-packages'>, host: Host): Promise<readonly string[]> {
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
