import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestHost } from '../support/hosts/host.ts';
import { createNetwork, type TestNetwork } from '../support/hosts/network.ts';

let network: TestNetwork;
let host: TestHost;

beforeAll(async () => {
  network = await createNetwork({ planes: 2 });
  host = await network.addHost({ name: 'one', kind: 'el9-double' });
});

afterAll(async () => {
  await network.destroy();
});

test('a reboot is a new boot: files stay, what was in memory and in the network goes', async () => {
  const before = await bootTime();
  await host.run({ script: 'echo kept >/srv/kept; echo gone >/run/gone; ip route add blackhole 192.0.2.0/24' });
  await timed('reboot', () => host.reboot());
  expect(await bootTime()).not.toBe(before);
  expect((await host.run(['cat', '/srv/kept'])).stdout).toBe('kept\n');
  expect((await host.run(['ls', '/run/gone'], { check: false })).exitCode).not.toBe(0);
  expect((await host.run(['ip', 'route', 'show', '192.0.2.0/24'])).stdout).toBe('');
  await host.run(['ping', '-c', '1', network.subnets[1]?.replace('.0/24', '.1') ?? '']);
});

test('a reboot that the host itself starts can be waited for', async () => {
  const before = await bootTime();
  await host.run(['systemd-run', '--on-active=1', '--timer-property=AccuracySec=10ms', 'systemctl', 'reboot']);
  await expect.poll(() => host.waitForLogin().then(bootTime, () => before), { timeout: 30_000 }).not.toBe(before);
});

test('a shutdown leaves nothing running, and the host starts again', async () => {
  await timed('shutdown', () => host.shutdown());
  expect(await host.isOn()).toBe(false);
  await expect(host.run(['true'])).rejects.toThrow('host one is off');
  await timed('start', () => host.start());
  expect((await host.run(['cat', '/srv/kept'])).stdout).toBe('kept\n');
});

test('a power cut keeps what was synced and loses what was not', async () => {
  await host.run({ script: 'sync; echo synced >/srv/synced; sync /srv/synced; sync /srv; echo lost >/srv/not-synced' });
  await timed('power cut', () => host.powerOff());
  expect(await host.isOn()).toBe(false);
  await host.start();
  expect((await host.run(['cat', '/srv/synced'])).stdout).toBe('synced\n');
  const { exitCode, stdout } = await host.run(['cat', '/srv/not-synced'], { check: false });
  expect([exitCode, stdout]).not.toEqual([0, 'lost\n']);
  const { stdout: state } = await host.run(['systemctl', 'is-system-running', '--wait'], { check: false });
  expect(state).toBe('running\n');
});

test('a host that is on is not started twice', async () => {
  await expect(host.start()).rejects.toThrow('host one is on already');
});

test('a host made later is known to those that were off meanwhile', async () => {
  await host.powerOff();
  const late = await network.addHost({ name: 'late', kind: 'el9-double' });
  await host.start();
  await host.run(['ping', '-c', '1', '-W', '2', 'late']);
  await late.destroy();
  expect(network.hosts().map(({ name }) => name)).toEqual(['one']);
});

/** When the host's init started, in clock ticks. */
async function bootTime(): Promise<string | undefined> {
  return (await host.run(['cat', '/proc/1/stat'])).stdout.split(' ')[21];
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const started = Date.now();
  await work();
  process.stdout.write(`${what}: ${Date.now() - started} ms\n`);
}
