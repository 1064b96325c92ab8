import { expect, test } from 'vitest';
import { fileSystemChecks } from '../../src/preflight/checks/file-systems.ts';
import { healthySubject } from '../support/preflight/healthy-host.ts';

/** Types as /proc/self/mountinfo tells them, and which checks find them below etcd and containerd. */
test.each([
  ['ext4', []],
  ['xfs', []],
  ['btrfs', []],
  ['nfs', ['etcd-file-system', 'container-file-system']],
  ['ceph', ['etcd-file-system', 'container-file-system']],
  ['lustre', ['etcd-file-system', 'container-file-system']],
  ['beegfs', ['etcd-file-system', 'container-file-system']],
  // By FUSE: the kernel puts what the program calls itself after a dot.
  ['fuse', ['etcd-file-system', 'container-file-system']],
  ['fuse.glusterfs', ['etcd-file-system', 'container-file-system']],
  ['fuse.ceph-fuse', ['etcd-file-system', 'container-file-system']],
  ['fuse.sshfs', ['etcd-file-system', 'container-file-system']],
  ['fuseblk', ['etcd-file-system', 'container-file-system']],
  ['fuseblk.exfat', ['etcd-file-system', 'container-file-system']],
  ['fusectl', []],
  ['overlay', ['container-file-system']],
  ['vfat', ['container-file-system']],
])('%s: %s', (type, found) => {
  const subject = healthySubject(({ host }) => {
    for (const each of host.fileSystems) {
      if (['/var/lib/etcd', '/var/lib/containerd'].includes(each.path)) Object.assign(each, { type });
    }
  });
  const names = fileSystemChecks.filter((check) => check.inspect(subject).length > 0).map(({ name }) => name);
  expect(names).toEqual(found);
});
