import type { DiscInventory, InventoriedPackage } from '../../../src/disc/inventory/inventory.ts';
import { ARCHIVE_API_VERSION } from '../../../src/release/archive-description.ts';

export function sum(digit: string): string {
  return digit.repeat(64);
}

const kubelet: InventoriedPackage = {
  platform: 'el9/x86_64',
  name: 'kubelet',
  epoch: '0',
  version: '1.36.3',
  release: '150500.1.1',
  arch: 'x86_64',
  path: 'packages/el9-x86_64/kubelet-1.36.3-150500.1.1.x86_64.rpm',
  sha256: sum('1'),
  size: 10,
  licence: 'Apache-2.0',
  roles: ['node'],
  sourceRpm: 'kubelet-1.36.3-150500.1.1.src.rpm',
  vendor: '',
};

const odd: InventoriedPackage = {
  ...kubelet,
  name: 'libstdc++',
  epoch: '2',
  version: '1~rc1^git5',
  release: '3.el9',
  path: 'packages/el9-x86_64/libstdc++-1~rc1^git5-3.el9.x86_64.rpm',
  sha256: sum('2'),
  licence: 'GPLv3+ and GPLv3+ with exceptions',
  vendor: 'A Vendor',
};

/** A disc with one of each. */
export const inventory: DiscInventory = {
  archive: {
    apiVersion: ARCHIVE_API_VERSION,
    kind: 'Archive',
    version: '136.0.0',
    kubernetes: '1.36.3',
    components: ['core', 'calico'],
    date: '2026-11-21T00:00:00Z',
    signingKey: 'A'.repeat(40),
    node: '24.21.0',
    lock: {
      version: '136.0.0',
      images: [
        {
          reference: 'registry.k8s.io/coredns/coredns:v1.14.0',
          digest: `sha256:${sum('a')}`,
          mediaType: 'application/vnd.oci.image.index.v1+json',
          size: 500,
          children: [{ digest: `sha256:${sum('b')}`, platform: 'linux/amd64' }, { digest: `sha256:${sum('c')}` }],
        },
        {
          reference: 'registry.example.com:5000/app:1-2',
          digest: `sha256:${sum('d')}`,
          mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
          size: 500,
          children: [],
        },
      ],
      packages: [kubelet, odd].map(({ platform, name, epoch, version, release, arch }) => ({
        ...{ platform, name, epoch, version, release, arch },
        ...{ repository: 'kubernetes', sha256: sum('9'), size: 9 },
      })),
      files: [{ url: 'https://example.com/a/calico.yaml', sha256: sum('3'), size: 3 }],
    },
    catalogue: { repositories: [] },
    packages: [kubelet, odd],
  },
  packages: [kubelet, odd],
  files: [{ path: 'upstream/calico/calico.yaml', url: 'https://example.com/a/calico.yaml', sha256: sum('3') }],
  modules: [
    {
      name: 'yaml',
      version: '2.9.1',
      licence: 'ISC',
      integrity: `sha512-${Buffer.alloc(64, 5).toString('base64')}`,
      licenceTexts: ['Copyright\r\nsomebody\r\n', 'A notice'],
    },
    {
      name: '@peculiar/x509',
      version: '1.0.0',
      licence: '(MIT OR Apache-2.0)',
      integrity: `sha512-${Buffer.alloc(64, 6).toString('base64')}`,
      licenceTexts: [],
    },
  ],
  nodeSha256: sum('4'),
};
