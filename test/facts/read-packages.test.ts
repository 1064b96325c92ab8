import { expect, test } from 'vitest';
import { readExclusions, readPackageLocks, readPackages, readVersionLocks } from '../../src/facts/read-packages.ts';
import { recorded } from './recorded.ts';

test('packages are all but public keys, each version of its own', () => {
  const packages = readPackages(recorded('rpm', 'el9'));
  expect(packages?.map(({ name }) => name)).toEqual([
    'libgcc',
    'kernel',
    'kernel',
    'docker-ce',
    'podman',
    'container-selinux',
  ]);
  expect(packages?.[3]).toEqual({ name: 'docker-ce', version: '28.0.1-1.el9' });
  expect(readPackages('')).toEqual([]);
  expect(readPackages(null)).toBeNull();
});

test('whoever holds a lock is named', () => {
  expect(readPackageLocks(['dnf-automatic', '4711', 'dnf', '12'])).toBe('dnf-automatic (pid 4711)');
  expect(readPackageLocks([])).toBeNull();
});

test('exclusions may take several lines, and of a setting that is there twice the last counts', () => {
  expect(readExclusions(recorded('dnf-conf', 'double'))).toEqual(['crio', 'kubelet', 'kubeadm', 'containerd*']);
  expect(readExclusions('excludepkgs=\n a\n\tb\nexclude = c,a\n')).toEqual(['a', 'b', 'c']);
  expect(readExclusions(null)).toEqual([]);
});

test('version locks are known by name, in each form that the plugin had', () => {
  expect(readVersionLocks(recorded('versionlock', 'double'))).toEqual(['kubelet', 'podman']);
  expect(
    readVersionLocks('0:kernel-core-5.14.0-70.el9.*\nnginx # mine\nkubelet-0:1.30.4-1.*\nkubelet-0:1.31.0-1.*\n'),
  ).toEqual(['kernel-core', 'nginx', 'kubelet']);
  expect(readVersionLocks(null)).toEqual([]);
});
