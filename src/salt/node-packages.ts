import type { CarriedPackage } from '../release/archive-description.ts';
import type { PackageRole } from '../release/release.ts';
import type { NodePackage } from './salt-node.ts';

/** What a release was put together and tried with, and what upgrades change on purpose: these versions and no others. */
export const OF_ONE_VERSION: ReadonlySet<string> = new Set([
  'containerd.io',
  'cri-tools',
  'kubeadm',
  'kubectl',
  'kubelet',
  'kubernetes-cni',
  'salt',
  'salt-minion',
]);

/**
 * The packages of a disc that a node has to have, by name. Of what is the distribution's own, any version will do: what the host has
 * from its vendor stays. `roles`: those of the node as far as packages go. Dependencies come along by themselves.
 */
export function nodePackages(
  carried: readonly CarriedPackage[],
  { platform, roles }: { readonly platform: string; readonly roles: readonly PackageRole[] },
): readonly NodePackage[] {
  return carried
    .filter((each) => each.platform === platform && each.roles.some((role) => roles.includes(role)))
    .map(({ name, epoch, version, release }) =>
      OF_ONE_VERSION.has(name)
        ? { name, version: `${epoch === '0' ? '' : `${epoch}:`}${version}-${release}` }
        : { name },
    );
}
