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

test('version locks stay as they are written, without comments', () => {
  expect(readVersionLocks(recorded('versionlock', 'double'))).toEqual([
    'kubelet-0:1.30.4-150500.1.1.*',
    '!podman-4:5.2.2-1.el9.*',
  ]);
  expect(readVersionLocks('\n  nginx  \n#kubelet\n')).toEqual(['nginx']);
  expect(readVersionLocks(null)).toEqual([]);
});
