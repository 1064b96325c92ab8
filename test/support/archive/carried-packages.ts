import { sha256Of } from '../../../src/disc/sha256-of.ts';
import type { CarriedPackage } from '../../../src/release/archive-description.ts';

const PACKAGES = [
  ['kubelet', '1.36.3', '150500.1.1'],
  ['containerd.io', '2.2.0', '1.el9'],
  ['salt-minion', '3008.3', '0'],
  ['socat', '1.7.4.1', '5.el9'],
] as const;

/** Packages for a node of Enterprise Linux 9, of `size` bytes each. */
export function carriedPackages(size: number): readonly CarriedPackage[] {
  return PACKAGES.map(([name, version, release]) => ({
    platform: 'el9/x86_64',
    name,
    epoch: '0',
    version,
    release,
    arch: 'x86_64',
    path: `packages/el9-x86_64/Packages/${name}-${version}-${release}.x86_64.rpm`,
    sha256: sha256Of(name),
    size,
    licence: 'Apache-2.0',
    roles: ['node'],
  }));
}
