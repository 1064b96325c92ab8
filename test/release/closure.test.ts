import { expect, test } from 'vitest';
import { type ClosureInput, closureOf } from '../../src/release/closure.ts';
import { imageNeeds } from '../../src/release/image-needs.ts';
import { mayNameImages } from '../../src/release/named-texts.ts';
import type { Release } from '../../src/release/release.ts';

const release: Release = {
  version: '136.0.0',
  date: '2026-11-21',
  kubernetes: '1.36.3',
  imagePlatforms: ['linux/amd64'],
  packagePlatforms: [],
  components: [
    {
      name: 'core',
      images: ['registry.k8s.io/etcd:3.6.8-0', 'registry.k8s.io/pause:3.10.2'],
      packages: [{ name: 'kubeadm', roles: ['node'], platforms: ['el9/x86_64'] }],
      files: [],
    },
    {
      name: 'calico',
      images: ['registry.k8s.io/pause:3.10.2', 'docker.io/calico/node:v3'],
      packages: [],
      files: [
        { path: 'calico/b.yaml', url: 'https://example.com/b' },
        { path: 'calico/a.yaml', url: 'https://example.com/a' },
      ],
    },
  ],
};

const digest = `sha256:${'1'.repeat(64)}`;
const image = (reference: string) => ({ reference, digest, mediaType: 'x', size: 1, children: [] });
const carried = (name: string, platform: string, neededBy: string[]) => ({
  ...{
    platform,
    name,
    epoch: '0',
    version: '1',
    release: '2',
    arch: 'x86_64',
    path: 'p',
    sha256: '',
    size: 1,
    licence: '',
  },
  roles: [],
  neededBy,
});

const named = [
  { reference: 'docker.io/calico/node:v3', file: 'upstream/a.yaml', by: 'Pod p' },
  { reference: `registry.k8s.io/pause@${digest}`, file: 'salt/x.sls', by: 'line 1' },
];

const input: ClosureInput = {
  release,
  lock: {
    version: '136.0.0',
    images: ['registry.k8s.io/pause:3.10.2', 'registry.k8s.io/etcd:3.6.8-0', 'docker.io/calico/node:v3'].map(image),
    packages: [],
    files: [],
  },
  needs: imageNeeds(release, named),
  packages: [
    carried('libx', 'el9/x86_64', ['kubeadm', 'a']),
    carried('kubeadm', 'el9/x86_64', []),
    carried('kubeadm', 'el8/x86_64', []),
  ],
};

test('says why each thing is on the disc', () => {
  expect(closureOf(input)).toEqual({
    version: '136.0.0',
    images: [
      { reference: 'docker.io/calico/node:v3', digest, components: ['calico'], neededBy: ['upstream/a.yaml: Pod p'] },
      { reference: 'registry.k8s.io/etcd:3.6.8-0', digest, components: ['core'], neededBy: ['kubeadm 1.36.3'] },
      {
        reference: 'registry.k8s.io/pause:3.10.2',
        digest,
        components: ['calico', 'core'],
        neededBy: ['kubeadm 1.36.3', 'salt/x.sls: line 1'],
      },
    ],
    packages: [
      { platform: 'el8/x86_64', name: 'kubeadm-0:1-2.x86_64', components: [], neededBy: [] },
      { platform: 'el9/x86_64', name: 'kubeadm-0:1-2.x86_64', components: ['core'], neededBy: [] },
      { platform: 'el9/x86_64', name: 'libx-0:1-2.x86_64', components: [], neededBy: ['a', 'kubeadm'] },
    ],
    files: [
      { path: 'calico/a.yaml', url: 'https://example.com/a', components: ['calico'], neededBy: [] },
      { path: 'calico/b.yaml', url: 'https://example.com/b', components: ['calico'], neededBy: [] },
    ],
  });
});

test('does not depend on the order in which things came', () => {
  const reversed = {
    ...input,
    lock: { ...input.lock, images: input.lock.images.toReversed() },
    packages: input.packages.toReversed(),
  };
  expect(JSON.stringify(closureOf(reversed))).toBe(JSON.stringify(closureOf(input)));
});

test('kubeadm’s own images are needed where kubeadm is brought', () => {
  expect(imageNeeds(release, []).kubeadm.images).toHaveLength(7);
  const [, calico] = release.components;
  if (calico === undefined) throw new Error('no component');
  expect(imageNeeds({ ...release, components: [calico] }, []).kubeadm.images).toEqual([]);
});

test.each([
  ['upstream/calico/calico.yaml', true],
  ['salt/metalk8s/init.sls', true],
  ['salt/x/files/a.conf.j2', true],
  ['upstream/tool', false],
  ['upstream/x.tar.gz', false],
  ['docs/a.yaml', false],
  ['examples/release.yaml', false],
])('%s may name images: %s', (path, may) => {
  expect(mayNameImages(path)).toBe(may);
});
