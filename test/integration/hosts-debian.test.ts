import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestHost } from '../support/hosts/host.ts';
import { createNetwork, type TestNetwork } from '../support/hosts/network.ts';

let network: TestNetwork;
let host: TestHost;

beforeAll(async () => {
  network = await createNetwork();
  host = await network.addHost({ name: 'debian', kind: 'debian12' });
});

afterAll(async () => {
  await network.destroy();
});

test('a plain Debian 12 runs, on one plane', async () => {
  expect((await host.read('/etc/os-release')).toString()).toMatch(/^ID=debian$/m);
  const { stdout } = await host.run(['systemctl', 'is-system-running', '--wait'], { check: false });
  expect(stdout).toBe('running\n');
  expect(host.addresses).toHaveLength(1);
  expect((await host.run(['ls', '/sys/class/net'])).stdout).not.toContain('eth1');
});

test('it knows no package server of the machine', async () => {
  const { stdout } = await host.run({
    script: 'apt-get indextargets; cat /etc/apt/sources.list.d/* 2>/dev/null || true',
  });
  expect(stdout).toBe('');
});
