import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { observeLeftovers } from '../../src/engine/observe-leftovers.ts';
import { removePaths } from '../../src/engine/steps/remove-paths.ts';
import { unmountBelow } from '../../src/engine/steps/unmount-below.ts';
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

test('a network namespace in which somebody else’s processes live is not ours, whatever its name', () => {
  const pids: Readonly<Record<string, string>> = { 'cni-pod': '20\n21\n', 'cni-podman': '30\n', 'cni-empty': '' };
  const processes = `20 0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-3f.scope /pause
21 0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-4f.scope coredns
30 0::/machine.slice/libpod-5c.scope/container dnsmasq
`;
  const answer = (command: string) => {
    if (command.startsWith('ps ')) return processes;
    const [, name] = /^ip netns pids (.+)$/.exec(command) ?? [];
    return name === undefined ? { exitCode: command.startsWith('realpath') ? 1 : 0 } : pids[name];
  };
  return ground(answer, async ({ lay, context, commands }) => {
    const points = Object.keys(pids).map((name) => `/run/netns/${name}`);
    for (const point of points) await lay(point);
    await lay('/proc/self/mountinfo', points.map((point) => `1 1 0:1 / ${point} rw - nsfs nsfs rw\n`).join(''));
    const { mounts, paths } = await observeLeftovers([], context);
    expect([...mounts].sort()).toEqual(['/run/netns/cni-empty', '/run/netns/cni-pod']);
    expect([...paths].sort()).toEqual(['/run/netns/cni-empty', '/run/netns/cni-pod']);
    const step = { id: 's', host: 'node-1', title: '', reason: '', disrupts: null } as const;
    await unmountBelow({ ...step, kind: 'unmount-below', paths: ['/run/netns/cni-*'] }, context);
    const unmounted = commands.flatMap((each) => / umount .*-- (.+)$/.exec(each)?.[1] ?? []);
    expect(unmounted.sort()).toEqual(['/run/netns/cni-empty', '/run/netns/cni-pod']);
    await lay('/proc/self/mountinfo');
    await removePaths({ ...step, kind: 'remove-paths', trees: points, ours: ['/run/netns'] }, context);
    expect(await context.host.files.list('/run/netns')).toEqual(['cni-podman']);
  });
});
