import { expect, test } from 'vitest';
import { layoutIndex, layoutReferences } from './layout.ts';

const descriptor = (digit: string) => ({
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${digit.repeat(64)}`,
  size: 500,
});

test('names every reference of every image, one digest under several, and completes references by digest', () => {
  const index = layoutIndex([
    { references: ['docker.io/calico/node:v1', 'quay.io/calico/node:v1'], descriptor: descriptor('a') },
    { references: ['docker.io/library/busybox@'], descriptor: descriptor('b') },
  ]);
  expect(index.mediaType).toBe('application/vnd.oci.image.index.v1+json');
  expect(layoutReferences(index).map(({ reference, digest }) => [reference, digest.slice(0, 9)])).toEqual([
    ['docker.io/calico/node:v1', 'sha256:aa'],
    ['quay.io/calico/node:v1', 'sha256:aa'],
    [`docker.io/library/busybox@sha256:${'b'.repeat(64)}`, 'sha256:bb'],
  ]);
});

test('refuses two images under one reference', () => {
  const images = ['a', 'b'].map((digit) => ({
    references: ['registry.k8s.io/pause:1'] as const,
    descriptor: descriptor(digit),
  }));
  expect(() => layoutIndex(images)).toThrow('two images have the reference registry.k8s.io/pause:1');
});
