import { describe, expect, test } from 'vitest';
import { MetalK8sError } from '../../src/errors/metalk8s-error.ts';
import type { Lock } from '../../src/release/lock.ts';
import { type CarriedImages, missingImages, refuseMissingImages } from '../../src/release/missing-images.ts';

const digestOf = (digit: string) => `sha256:${digit.repeat(64)}`;
const [index, amd64, arm64, single] = ['1', '2', '3', '4'].map(digestOf) as [string, string, string, string];
const type = 'application/vnd.oci.image.manifest.v1+json';

const carried: CarriedImages = {
  platforms: ['linux/amd64'],
  lock: {
    images: [
      {
        reference: 'quay.io/a/b:v1',
        digest: index,
        mediaType: 'application/vnd.oci.image.index.v1+json',
        size: 1,
        children: [
          { digest: amd64, platform: 'linux/amd64' },
          { digest: arm64, platform: 'linux/arm64/v8' },
        ],
      },
      { reference: 'quay.io/c:v1', digest: single, mediaType: type, size: 1, children: [] },
    ],
  },
  catalogue: {
    repositories: [
      {
        host: 'quay.io',
        name: 'a/b',
        tags: [{ tag: 'v1', digest: index }],
        manifests: [
          { digest: index, mediaType: type, size: 1, children: [amd64] },
          { digest: amd64, mediaType: type, size: 1 },
        ],
        blobs: [],
      },
      {
        host: 'quay.io',
        name: 'c',
        tags: [{ tag: 'v1', digest: single }],
        manifests: [{ digest: single, mediaType: type, size: 1 }],
        blobs: [],
      },
    ],
  },
};

function problems(references: readonly string[], on: CarriedImages = carried): string[] {
  const named = references.map((reference) => ({ reference, file: 'm.yaml', by: 'Pod p, spec.containers[0].image' }));
  return missingImages({ named, kubeadm: { version: '1.36.3', images: [] } }, on);
}

describe('an image that is named', () => {
  test.each([['quay.io/a/b:v1'], [`quay.io/a/b@${index}`], [`quay.io/a/b@${amd64}`], ['quay.io/c:v1']])(
    'is there: %s',
    (reference) => {
      expect(problems([reference])).toEqual([]);
    },
  );

  const needed = 'm.yaml needs it (Pod p, spec.containers[0].image)';
  test.each([
    ['quay.io/a/b:v2', 'is not on the disc'],
    ['quay.io/x:v1', 'is not on the disc'],
    ['docker.io/a/b:v1', 'is not on the disc'],
    [`quay.io/a/b@${arm64}`, 'is not on the disc'],
    [`quay.io/c@${index}`, 'is not on the disc'],
  ])('is not there: %s', (reference, problem) => {
    expect(problems([reference])).toEqual([`${reference} ${problem}; ${needed}`]);
  });

  test('is not there for a platform that is wanted', () => {
    const on = { ...carried, platforms: ['linux/amd64', 'linux/arm64'] };
    expect(problems(['quay.io/a/b:v1', 'quay.io/c:v1'], on)).toEqual([
      `quay.io/a/b:v1 is not on the disc for linux/arm64; ${needed}`,
    ]);
  });

  test('has to be what the lock pins', () => {
    const images: Lock['images'] = carried.lock.images.map((image) => ({ ...image, digest: digestOf('9') }));
    expect(problems(['quay.io/c:v1'], { ...carried, lock: { images } })).toEqual([
      `quay.io/c:v1 is pinned to ${digestOf('9')}, but ${single} on the disc; ${needed}`,
    ]);
    expect(problems(['quay.io/c:v1'], { ...carried, lock: { images: [] } })).toEqual([
      `quay.io/c:v1 is pinned to no digest; ${needed}`,
    ]);
  });
});

test('what kubeadm asks for itself has to be there, under some tag where nobody knows which', () => {
  const kubeadm = {
    version: '1.36.9',
    images: [
      { repository: 'quay.io/a/b', tag: undefined },
      { repository: 'quay.io/c', tag: 'v2' },
      { repository: 'registry.k8s.io/etcd', tag: undefined },
    ],
  };
  expect(missingImages({ named: [], kubeadm }, carried)).toEqual([
    'quay.io/c:v2 is not on the disc; kubeadm 1.36.9 needs it',
    'registry.k8s.io/etcd is not on the disc under any tag; kubeadm 1.36.9 needs it',
  ]);
});

test('all that is missing is told at once, up to what a person reads', () => {
  const named = Array.from({ length: 30 }, (_, number) => ({
    reference: `quay.io/x:${number}`,
    file: 'm.yaml',
    by: 'line 1',
  }));
  const twice = [...named, ...named];
  const refuse = () => refuseMissingImages({ named: twice, kubeadm: { version: '1.36.3', images: [] } }, carried);
  expect(refuse).toThrow(MetalK8sError);
  expect(refuse).toThrow(
    /^Images that something needs are not on the disc:\n(?:quay\.io\/x:\d+ is not on the disc; m\.yaml needs it \(line 1, and 1 more\)\n){20}and 10 more$/,
  );
});
