import { expect, test } from 'vitest';
import { machineProblems } from './require-machine.ts';

const PROGRAMS = ['chroot', 'depmod', 'flock', 'ip', 'losetup', 'mkfs.ext4', 'mmdebstrap', 'mount', 'nft', 'nsenter'];
const MORE = ['resize2fs', 'rpmbuild', 'setpriv', 'sysctl', 'systemd-nspawn', 'tar', 'unshare', 'xfs_io'];
const good = {
  platform: 'linux',
  userId: 0,
  programs: [...PROGRAMS, ...MORE],
  devices: ['/dev/fuse', '/dev/kmsg', '/dev/loop-control'],
};

test.each([
  { lack: 'nothing', facts: good, problems: [] },
  {
    lack: 'root',
    facts: { ...good, userId: 1000 },
    problems: ['you are not root: run the same command as root (sudo)'],
  },
  { lack: 'Linux', facts: { ...good, platform: 'darwin' }, problems: ['this is darwin: hosts need Linux'] },
  {
    lack: 'a program and a device',
    facts: {
      ...good,
      programs: good.programs.filter((name) => name !== 'systemd-nspawn'),
      devices: ['/dev/fuse', '/dev/kmsg'],
    },
    problems: [
      'systemd-nspawn is missing: apt-get install systemd-container',
      '/dev/loop-control is missing: the kernel needs loop (modprobe loop)',
    ],
  },
])('a machine that lacks $lack', ({ facts, problems }) => {
  expect(machineProblems(facts)).toEqual(problems);
});
