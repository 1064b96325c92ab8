import { expect, test } from 'vitest';
import { mountPointsOf, mountsOf } from '../../src/kernel/mounts.ts';

/** In the form of proc_pid_mountinfo(5), with and without optional fields. */
const MOUNTINFO = `22 1 0:21 / /proc rw,nosuid shared:5 master:1 - proc proc rw
30 22 0:40 /a\\040b /srv/with\\040space rw - ext4 /dev/loop0 rw,errors=remount-ro
31 22 0:41 / /srv/back\\134slash ro,relatime - tmpfs none rw,size=4k
32 22 0:42 / /torn rw
`;

test('mounts in their order, with what the kernel writes as numbers of bytes', () => {
  expect(mountPointsOf(MOUNTINFO)).toEqual(['/proc', '/srv/with space', '/srv/back\\slash']);
  expect(mountsOf(MOUNTINFO)[1]).toEqual({
    device: '0:40',
    root: '/a b',
    point: '/srv/with space',
    type: 'ext4',
    source: '/dev/loop0',
    options: ['rw', 'errors=remount-ro'],
  });
  expect(mountsOf(MOUNTINFO)[2]?.options).toEqual(['ro', 'relatime', 'rw', 'size=4k']);
  expect(mountsOf('')).toEqual([]);
});
