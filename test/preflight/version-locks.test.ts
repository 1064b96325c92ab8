import { expect, test } from 'vitest';
import { isLockedOut } from '../../src/preflight/version-locks.ts';

const parts = { epoch: '0', version: '1.36.3', release: '150500.1.1', arch: 'noarch' };
const PACKAGES = ['kernel', 'kubelet', 'kubernetes-cni'].map((name) => ({ name, ...parts }));

/** Lines, and which of these packages the plugin itself (dnf-plugins-core 4.3.1, dnf 4.14) then hid from dnf in a repository. */
const recorded: readonly (readonly [lines: readonly string[], hidden: readonly string[]])[] = [
  [['kubelet-0:1.30.4-1.*'], ['kubelet']],
  [['kubelet-0:1.30.4-1.el9.x86_64'], ['kubelet']],
  [['kubelet-1:1.36.3-150500.1.1.*'], ['kubelet']],
  [['kubelet-1.30.4'], ['kubelet']],
  [['kubelet-1.36'], ['kubelet']],
  [['kubernetes-cni-1.30'], ['kubernetes-cni']],
  [['kubelet.x86_64'], ['kubelet']],
  // Patterns
  [['kube*-0:1.30.*-*'], ['kubelet', 'kubernetes-cni']],
  [['[k]ubelet-0:1.30.4-1.*'], ['kubelet']],
  [['*-0:1.30.4-1.*'], ['kernel', 'kubelet', 'kubernetes-cni']],
  // The version that is to be installed, or any
  [['kubelet-0:1.36.3-150500.1.1.*'], []],
  [['kubelet-0:1.36.3-*'], []],
  [['kubelet-0:1.36*'], []],
  [['kubelet-1.36.3'], []],
  [['kubelet-1.36.*'], []],
  [['kubelet-*'], []],
  [['kubelet.noarch'], []],
  [['kubelet'], []],
  [['kube*'], []],
  [['kubernetes-cni'], []],
  [['kubernetes'], []],
  [['kubelet-0:1.30.4-1.*', 'kubelet-0:1.36.3-150500.1.1.*'], []],
  // Excluded versions
  [['!kubelet-0:1.30.4-1.*'], []],
  [['!kubelet-0:1.36.3-150500.1.1.*'], ['kubelet']],
  [['!kubelet-1.36.3'], ['kubelet']],
  [['!kubelet'], ['kubelet']],
  [['!kube*'], ['kubelet', 'kubernetes-cni']],
  [['kubelet-0:1.36.3-150500.1.1.*', '!kubelet'], ['kubelet']],
  [['! kubelet-0:1.36.3-150500.1.1.*'], []],
  // What could be a name and a version
  [['kernel-core'], ['kernel']],
  // What the plugin cannot read
  [['kubelet # mine'], []],
  [['kubelet-0:1.30.4-1.* # mine'], []],
  [['0:kubelet-1.30.4-1.x86_64'], []],
];

test.each(recorded)('%s: hides %s', (lines, hidden) => {
  expect(PACKAGES.filter((each) => isLockedOut(each, lines)).map(({ name }) => name)).toEqual(hidden);
});

test('where the version to come is not known, a lock to one is taken for another', () => {
  expect(isLockedOut({ name: 'kubelet' }, ['kubelet-0:1.36.3-150500.1.1.*'])).toBe(true);
  expect(isLockedOut({ name: 'kubelet' }, ['kubelet', '!kubelet-0:1.36.3-150500.1.1.*'])).toBe(false);
});
