import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestHost } from '../support/hosts/host.ts';
import { createNetwork, type TestNetwork } from '../support/hosts/network.ts';
import { binaries } from '../support/release/binaries.ts';
import { debianTree } from '../support/release/debian-tree.ts';

let network: TestNetwork;
let host: TestHost;

beforeAll(async () => {
  const report = (line: string) => process.stdout.write(`${line}\n`);
  const containerd = await binaries({ name: 'containerd' }, report);
  const debian = await debianTree(report);
  network = await createNetwork({ report });
  const binds = [
    { source: containerd, target: '/opt/containerd' },
    { source: join(debian, 'usr/sbin/runc'), target: '/opt/runc' },
  ];
  host = await network.addHost({ name: 'one', kind: 'el9-double', binds });
  await host.run({ script: 'install /opt/containerd/* /usr/local/bin/; install /opt/runc /usr/local/bin/runc' });
  await host.write(
    '/etc/systemd/system/containerd.service',
    '[Service]\nExecStart=/usr/local/bin/containerd\nDelegate=yes\n',
  );
  await host.run({
    script: 'systemctl daemon-reload; systemctl start containerd; until ctr version >/dev/null; do sleep 0.1; done',
  });
});

afterAll(async () => {
  await network.destroy();
});

test('containerd and runc run a container', async () => {
  await host.run({ script: 'mkdir -p /srv/rootfs; cp /usr/local/bin/ctr /srv/rootfs/' });
  const { stdout } = await host.run(['ctr', 'run', '--rm', '--rootfs', '/srv/rootfs', 'demo', '/ctr', '--version']);
  expect(stdout).toMatch(/^ctr .* v?2\./);
});

test('a container has cgroups of its own, below those of the host', async () => {
  await host.run({ script: 'mkdir -p /srv/rootfs; cp /usr/local/bin/containerd /srv/rootfs/' });
  const limit = ['--memory-limit', String(64 * 1024 * 1024)] as const;
  const daemon = ['/containerd', '--root', '/a', '--state', '/b', '--address', '/c'] as const;
  await host.run(['ctr', 'run', '--detach', ...limit, '--rootfs', '/srv/rootfs', 'long', ...daemon]);
  const { stdout } = await host.run({
    script: 'pid=$(ctr tasks list | awk \'$1 == "long" { print $2 }\'); cat /proc/$pid/cgroup',
  });
  expect(stdout).toMatch(/memory:.*\/long$|^0::.*\/long$/m);
  const { stdout: limits } = await host.run({
    script:
      'cat /sys/fs/cgroup/memory/*/long/memory.limit_in_bytes /sys/fs/cgroup/*/long/memory.max 2>/dev/null || true',
  });
  expect(limits).toBe(`${64 * 1024 * 1024}\n`);
});

test('file systems can be laid one over another where containers live', async () => {
  const folders = '/var/lib/demo/{lower,upper,work,merged}';
  const options = 'lowerdir=/var/lib/demo/lower,upperdir=/var/lib/demo/upper,workdir=/var/lib/demo/work';
  await host.run({ script: `mkdir -p ${folders}; mount -t overlay overlay -o ${options} /var/lib/demo/merged` });
  await host.run(['umount', '/var/lib/demo/merged']);
});

test('a power cut with containers running leaves nothing that a new start minds', async () => {
  await host.powerOff();
  await host.start();
  const { stdout } = await host.run(['systemctl', 'is-system-running', '--wait'], { check: false });
  expect(stdout).toBe('running\n');
});
