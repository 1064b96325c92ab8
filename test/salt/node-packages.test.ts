import { expect, test } from 'vitest';
import type { CarriedPackage } from '../../src/release/archive-description.ts';
import { nodePackages } from '../../src/salt/node-packages.ts';

function carried(name: string, changes: Partial<CarriedPackage> = {}): CarriedPackage {
  const build = { epoch: '0', version: '1.36.3', release: '1.1', arch: 'x86_64' };
  const file = { path: `packages/el9-x86_64/${name}.rpm`, sha256: '0'.repeat(64), size: 1, licence: 'Apache-2.0' };
  return { platform: 'el9/x86_64', name, ...build, ...file, roles: ['node'], ...changes };
}

const disc = [
  carried('kubelet'),
  carried('containerd.io', { epoch: '2' }),
  carried('socat'),
  carried('pciutils', { roles: [] }),
  carried('skopeo', { roles: ['bootstrap'] }),
  carried('kubelet', { platform: 'el8/x86_64' }),
];

test('of a node: Kubernetes and its runtime in one version, what is the distribution’s in any', () => {
  expect(nodePackages(disc, { platform: 'el9/x86_64', roles: ['node'] })).toEqual([
    { name: 'kubelet', version: '1.36.3-1.1' },
    { name: 'containerd.io', version: '2:1.36.3-1.1' },
    { name: 'socat' },
  ]);
});

test('the first node has more', () => {
  const names = nodePackages(disc, { platform: 'el9/x86_64', roles: ['node', 'bootstrap'] }).map(({ name }) => name);
  expect(names).toEqual(['kubelet', 'containerd.io', 'socat', 'skopeo']);
});
