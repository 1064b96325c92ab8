import { expect, test } from 'vitest';
import { fitsPackage } from '../../src/preflight/package-patterns.ts';

test.each([
  ['kubelet', 'kubelet', true],
  ['kube*', 'kubelet', true],
  ['kube?et', 'kubelet', true],
  ['kubelet.x86_64', 'kubelet', true],
  ['*.x86_64', 'kubelet', true],
  ['kube[la]*', 'kubelet', true],
  ['kube[!l]*', 'kubelet', false],
  ['kube', 'kubelet', false],
  ['containerd.io', 'containerd.io', true],
  ['containerd.io', 'containerdXio', false],
  ['kube[', 'kubelet', false],
  ['(', 'kubelet', false],
])('%s and %s: %s', (pattern, name, fits) => {
  expect(fitsPackage(pattern, name)).toBe(fits);
});
