import { exactPackage } from '../packages/nevra.ts';
import type { ObservedLeftovers } from './observed-leftovers.ts';
import type { Possession } from './possession.ts';
import { containerdTrees, ownPatterns, ownTrees } from './reset-paths.ts';

export type Ours = ReturnType<typeof whatIsOurs>;

/** What of a host is ours, by what it had before. */
export function whatIsOurs(leftovers: ObservedLeftovers, possessions: readonly Possession[]) {
  const before = possessions.find(({ what }) => what === 'packages-before');
  const hadPackages =
    before?.what === 'packages-before' ? new Set(before.packages.map(nameAndArchitecture)) : undefined;
  const keys = possessions.find(({ what }) => what === 'rpm-keys-before');
  const hadKeys = new Set(keys?.what === 'rpm-keys-before' ? keys.keys : undefined);
  // An update of the host's owner may have given a package another version since: it is still the owner's.
  const packages = leftovers.packages
    .map(exactPackage)
    .filter((each) => hadPackages?.has(nameAndArchitecture(each)) === false);
  const wasThere = [...(hadPackages ?? [])].some((each) => each.startsWith('containerd.io.'));
  const isOurs = leftovers.packages.some(({ name }) => name === 'containerd.io');
  // The host's owner has installed it since, or has updated ours.
  const cameSince = !wasThere && !isOurs && leftovers.hasContainerd;
  const hadContainerd = hadPackages === undefined || wasThere || cameSince;
  const paths = possessions.flatMap((each) => (each.what === 'path' ? [each.path] : []));
  const noted = new Set(cameSince ? paths.filter((path) => !isWithin(path, containerdTrees)) : paths);
  return { noted, packages, hadContainerd, hadKeys, possessions };
}

/** Of what is on a host, that which bears our name: all that can be ours where no run of ours was ever begun. */
export function thoseWithOurName(leftovers: ObservedLeftovers): ObservedLeftovers {
  return {
    ...leftovers,
    units: leftovers.units.filter((unit) => unit.startsWith('srv-metalk8s-')),
    podProcesses: 0,
    containers: null,
    cgroups: false,
    mounts: [],
    ownersMounts: [],
    network: [],
    packages: [],
    heldPackages: [],
    rpmKeys: [],
    users: [],
    paths: leftovers.paths.filter((path) => isWithin(path, ownTrees) || fitsAny(path, ownPatterns)),
  };
}

/** Whether a path fits one of some patterns, with `*` for any characters but a slash. */
export function fitsAny(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => fits(path, pattern));
}

function fits(path: string, pattern: string): boolean {
  const [start = '', end] = pattern.split('*');
  if (end === undefined) return path === pattern;
  const rest = path.slice(start.length);
  return path.startsWith(start) && rest.endsWith(end) && !rest.includes('/');
}

/** Whether a path is one of some folders, or below one. */
export function isWithin(path: string, trees: readonly string[]): boolean {
  return trees.some((tree) => path === tree || path.startsWith(`${tree}/`));
}

/** `kubelet.x86_64` of `kubelet-0:1.36.3-150500.1.1.x86_64` */
export function nameAndArchitecture(exact: string): string {
  const [, name = exact, arch = ''] = /^(.+)-[^-]+-[^-]+\.([^.]+)$/.exec(exact) ?? [];
  return `${name}.${arch}`;
}
