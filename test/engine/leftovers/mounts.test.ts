import { expect, test } from 'vitest';
import { mountPointsOfTable } from '../../../src/engine/leftovers/mounts.ts';

test('what /etc/fstab mounts', () => {
  const text = `# /etc/fstab
UUID=1 / xfs defaults 0 0
  /dev/sdb1\t/var/lib/etcd ext4 defaults 0 2

/dev/sdc1 /srv/my\\040data ext4 defaults 0 2
/dev/sdd1 none swap defaults 0 0
#/dev/sde1 /old ext4 defaults 0 0
`;
  expect(mountPointsOfTable(text)).toEqual(['/', '/var/lib/etcd', '/srv/my data']);
});
