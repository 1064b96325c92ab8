import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { observeLeftovers } from '../../src/engine/observe-leftovers.ts';
import { type Acting, type Answer, actingHost } from '../support/engine/acting-host.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

interface Ground extends Acting {
  lay(path: string, content?: string): Promise<void>;
}

function ground(run: (command: string) => Answer, use: (ground: Ground) => Promise<void>): Promise<void> {
  return inTemporaryDirectory((root) => {
    const lay = async (path: string, content = '') => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    };
    return use({ ...actingHost(root, { run }), lay });
  });
}

const silent = () => '';

test('of what /etc/fstab mounts, that is found which is below folders that may go', () =>
  ground(silent, async ({ lay, context }) => {
    const found = ['/var/lib/kubelet/pods', '/var/lib/containerd/x', '/opt/cni/bin'];
    const points = ['/', '/var/lib/etcd', ...found, '/srv/data'];
    await lay('/etc/fstab', points.map((point) => `/dev/sdb1 ${point} ext4 defaults 0 0\n`).join(''));
    expect((await observeLeftovers([], context)).ownersMounts).toEqual(found);
  }));
