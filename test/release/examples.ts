import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lock } from '../../src/release/lock.ts';

/** The text of the list that ships. */
export const shippedText = readFileSync(join(import.meta.dirname, '../../iso/release.yaml'), 'utf8');

/** A list with every field. */
export const wholeText = `apiVersion: metalk8s.scality.com/v1alpha1
kind: Release
version: 136.0.0
date: 2026-11-21
kubernetes: 1.36.3
imagePlatforms: [linux/amd64]
packagePlatforms:
  - name: el9/x86_64
    releasever: "9"
    modulePlatform: platform:el9
    base: [glibc, systemd]
    repositories:
      - id: kubernetes
        url: https://rpm.example.com/v1.36/
        keys:
          - url: https://rpm.example.com/key.asc
            fingerprint: 0123456789ABCDEF0123456789ABCDEF01234567
components:
  - name: core
    images:
      - registry.k8s.io/kube-apiserver:v1.36.3
      - registry.k8s.io/pause:3.10.2
      - registry.k8s.io/etcd:3.6.8-0
    packages:
      - name: kubelet
        version: 1.36.3
        roles: [node, bootstrap]
        platforms: [el9/x86_64]
  - name: calico
    files:
      - path: calico/crds.yaml
        url: https://files.example.com/crds.yaml
        sha256: ${'a'.repeat(64)}
`;

/** 64 hexadecimal digits that start with these. */
export const sha = (start: string) => start.padEnd(64, '0');

/** The least list, with lines to add at its end. */
export function listText(...lines: readonly string[]): string {
  return [
    'apiVersion: metalk8s.scality.com/v1alpha1',
    'kind: Release',
    'version: 136.0.0',
    'date: 2026-11-21',
    'kubernetes: 1.36.3',
    'components:',
    '  - name: core',
    ...lines,
    '',
  ].join('\n');
}

/** A lock with something of everything, in no order. */
export const exampleLock: Lock = {
  version: '136.0.0',
  images: [
    {
      reference: 'registry.k8s.io/pause:3.10.2',
      digest: `sha256:${sha('a')}`,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      size: 1200,
      children: [
        { digest: `sha256:${sha('c')}`, platform: 'linux/arm64' },
        { digest: `sha256:${sha('b')}`, platform: 'linux/amd64' },
        { digest: `sha256:${sha('d')}` },
      ],
    },
    {
      reference: 'docker.io/calico/node:v3.28.5',
      digest: `sha256:${sha('e')}`,
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      size: 700,
      children: [],
    },
  ],
  packages: [lockedPackage('socat', '1.8.0', 'baseos'), lockedPackage('kubelet', '1.36.3', 'kubernetes')],
  files: [{ url: 'https://files.example.com/crds.yaml', sha256: sha('5'), size: 4000 }],
};

function lockedPackage(name: string, version: string, repository: string): Lock['packages'][number] {
  return {
    platform: 'el9/x86_64',
    name,
    epoch: '0',
    version,
    release: '1.el9',
    arch: 'x86_64',
    repository,
    sha256: sha('9'),
    size: 20_000_000,
  };
}
