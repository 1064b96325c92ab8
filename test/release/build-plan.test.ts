import { expect, test } from 'vitest';
import { buildPlan } from '../../src/release/build-plan.ts';
import type { Lock } from '../../src/release/lock.ts';
import { noMirrors } from '../../src/release/mirrors.ts';
import type { Component, PackagePlatform, Release } from '../../src/release/release.ts';

const el9: PackagePlatform = {
  name: 'el9/x86_64',
  releasever: '9',
  modulePlatform: 'platform:el9',
  base: ['bash'],
  repositories: [{ id: 'kubernetes', url: 'https://pkgs.example.com/rpm/', keys: [], signedByUs: false }],
};

function component(name: string, content: Partial<Component>): Component {
  return { name, images: [], packages: [], files: [], ...content };
}

function release(...components: Component[]): Release {
  return {
    version: '136.0.0',
    date: '2026-11-21',
    kubernetes: '1.36.3',
    imagePlatforms: ['linux/amd64'],
    packagePlatforms: [el9, { ...el9, name: 'el8/x86_64' }],
    components,
  };
}

const pause = 'registry.example.com/pause:3.10';
const lock: Lock = {
  version: '136.0.0',
  images: [
    { reference: pause, digest: `sha256:${'a'.repeat(64)}`, mediaType: 'application/x', size: 1, children: [] },
    { reference: 'other.example.com/x:1', digest: 'sha256:b', mediaType: 'application/x', size: 1, children: [] },
  ],
  packages: [
    {
      platform: 'el9/x86_64',
      name: 'kubelet',
      epoch: '0',
      version: '1.36.3',
      release: '1',
      arch: 'x86_64',
      repository: 'kubernetes',
      sha256: 'c'.repeat(64),
      size: 1,
    },
  ],
  files: [],
};

test('an image that two components need is fetched once, with what the lock pins', () => {
  const parts = [component('core', { images: [pause] }), component('calico', { images: ['docker.io/a/b:1', pause] })];
  expect(buildPlan(release(...parts), noMirrors, lock).images).toEqual([
    { reference: 'docker.io/a/b:1', source: { kind: 'registry', reference: 'docker.io/a/b:1' } },
    { reference: pause, source: { kind: 'registry', reference: pause }, locked: lock.images[0] },
  ]);
});

test('images come from mirrors', () => {
  const mirrors = {
    ...noMirrors,
    registries: [{ upstream: 'registry.example.com', registry: 'proxy.example.com/upstream' }],
  };
  const [image] = buildPlan(release(component('core', { images: [pause] })), mirrors, undefined).images;
  expect(image?.source).toEqual({ kind: 'registry', reference: 'proxy.example.com/upstream/pause:3.10' });
});

test('packages are those of the platform, each once, for all roles', () => {
  const parts = [
    component('core', {
      packages: [
        { name: 'kubelet', roles: ['node'] },
        { name: 'iptables', roles: ['node'], platforms: ['el8/x86_64'] },
      ],
    }),
    component('extra', { packages: [{ name: 'kubelet', version: '1.36.3', roles: ['bootstrap'] }] }),
  ];
  const { platforms } = buildPlan(release(...parts), noMirrors, lock);
  expect(platforms.map(({ platform, packages, locked }) => [platform.name, packages, locked?.length])).toEqual([
    ['el9/x86_64', [{ name: 'kubelet', version: '1.36.3', roles: ['node', 'bootstrap'] }], 1],
    [
      'el8/x86_64',
      [
        { name: 'kubelet', version: '1.36.3', roles: ['node', 'bootstrap'] },
        { name: 'iptables', roles: ['node'] },
      ],
      0,
    ],
  ]);
});

test('without a lock nothing is pinned', () => {
  const plan = buildPlan(release(component('core', { images: [pause] })), noMirrors, undefined);
  expect(plan.lockedFiles).toBeUndefined();
  expect(plan.images[0]?.locked).toBeUndefined();
  expect(plan.platforms[0]?.locked).toBeUndefined();
});
