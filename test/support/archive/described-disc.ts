import { discPaths } from '../../../src/disc/paths.ts';
import { readImageLayout } from '../../../src/registry/read-image-layout.ts';
import {
  ARCHIVE_API_VERSION,
  type ArchiveDescription,
  type CarriedPackage,
} from '../../../src/release/archive-description.ts';
import { makeLayout } from '../registry/image-layout.ts';
import type { Files } from './signed-disc.ts';

/** A disc that says what it is, with an index, a single image, and a layer that both have. */
export interface DescribedDisc {
  readonly description: ArchiveDescription;
  /** All files but the list of sums. */
  readonly files: Files;
}

const SHARED = 'a layer of both images';

export function describedDisc(changes: Partial<ArchiveDescription> = {}): DescribedDisc {
  const maker = makeLayout();
  const children = ['amd64', 'arm64'].map((architecture) => maker.image('oci', [SHARED, architecture], architecture));
  const index = maker.index('oci', children);
  const single = maker.image('docker', [SHARED, 'x'.repeat(3_000_000)]);
  maker.name(index, 'registry.k8s.io/pause:3.10.2');
  maker.name(single, 'docker.io/calico/node:v3.28.5');
  const platforms = ['linux/amd64', 'linux/arm64'];
  const description: ArchiveDescription = {
    apiVersion: ARCHIVE_API_VERSION,
    kind: 'Archive',
    version: '136.0.0',
    kubernetes: '1.36.3',
    components: ['core', 'calico'],
    date: '2026-11-21T00:00:00Z',
    signingKey: 'AB'.repeat(20),
    node: '24.21.0',
    lock: {
      version: '136.0.0',
      images: [
        {
          reference: 'docker.io/calico/node:v3.28.5',
          digest: single.digest,
          mediaType: single.mediaType,
          size: single.size,
          children: [],
        },
        {
          reference: 'registry.k8s.io/pause:3.10.2',
          digest: index.digest,
          mediaType: index.mediaType,
          size: index.size,
          children: children.map(({ digest }, position) => ({ digest, platform: platforms[position] ?? '' })),
        },
      ],
      packages: [],
      files: [{ url: 'https://example.com/calico.yaml', sha256: '0'.repeat(64), size: 5 }],
    },
    catalogue: readImageLayout(maker.layout()),
    packages: [carried('kubelet', 20_000_000, ['node']), carried('libx', 1000, [])],
    ...changes,
  };
  const blobs = [...maker.blobs].map(([digest, bytes]) => [
    `${discPaths.blobs}/${digest.slice('sha256:'.length)}`,
    bytes,
  ]);
  return {
    description,
    files: {
      [discPaths.release]: JSON.stringify(description),
      [discPaths.launcher]: '#!/bin/sh\n',
      [`${discPaths.upstream}/calico/calico.yaml`]: 'kind: Pod\n',
      ...Object.fromEntries(blobs),
    },
  };
}

function carried(name: string, size: number, roles: CarriedPackage['roles']): CarriedPackage {
  return {
    platform: 'el9/x86_64',
    name,
    epoch: '0',
    version: '1.36.3',
    release: '150500.1.1',
    arch: 'x86_64',
    path: `${discPaths.packages}/el9-x86_64/Packages/${name}-1.36.3-150500.1.1.x86_64.rpm`,
    sha256: '0'.repeat(64),
    size,
    licence: 'Apache-2.0',
    roles,
  };
}
