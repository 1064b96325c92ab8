import { statfs } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cacheRoot } from '../support/cache.ts';
import type { TestHost } from '../support/hosts/host.ts';
import { createNetwork, type TestNetwork } from '../support/hosts/network.ts';
import type { Command } from '../support/hosts/types.ts';

const SOON = { timeout: 10_000 };

let network: TestNetwork;
let one: TestHost;
let two: TestHost;

beforeAll(async () => {
  network = await createNetwork({ planes: 2 });
  [one, two] = await Promise.all([
    network.addHost({ name: 'one', kind: 'el9-double' }),
    network.addHost({ name: 'two', kind: 'el9-double' }),
  ]);
});

afterAll(async () => {
  await network.destroy();
});

test('a cut link lets nothing through, the other plane goes on, and a reboot does not mend it', async () => {
  const fault = await two.faults.cutLink(1);
  expect(await succeeds(['ping', '-c', '1', '-W', '1', two.addresses[1] ?? ''])).toBe(false);
  expect(await succeeds(['ping', '-c', '1', '-W', '1', two.addresses[0]])).toBe(true);
  await two.reboot();
  expect(await succeeds(['ping', '-c', '1', '-W', '1', two.addresses[1] ?? ''])).toBe(false);
  await fault.undo();
  expect(await succeeds(['ping', '-c', '1', '-W', '1', two.addresses[1] ?? ''])).toBe(true);
  await fault.undo();
});

test('a cut link is cut from the gateway and from this machine too', async () => {
  const ping = `ping -c 1 -W 1 ${network.subnets[0]?.replace('.0/24', '.254')}`;
  await two.run({ script: ping });
  const fault = await two.faults.cutLink();
  await expect(two.run(['true'], { timeoutMs: 1000 })).rejects.toThrow('did not end within 1000 ms');
  await fault.undo();
  // The command of before is through by now, or goes through when TCP tries again: the next one waits for it.
  await two.run({ script: ping });
  const later = `sleep 1; ${ping} >/srv/ping && touch /srv/reached; touch /srv/tried`;
  await two.run(['systemd-run', '--quiet', 'sh', '-c', later]);
  const again = await two.faults.cutLink();
  await sleep(3000);
  await again.undo();
  await expect
    .poll(async () => (await two.run({ script: 'cd /srv; ls reached tried || true' })).stdout, SOON)
    .toBe('tried\n');
});

test('a slow link takes its time', async () => {
  // 200 kB over 1 Mbit a second are 1.6 s. The other side says how much has arrived.
  const transfer = { script: '[ "$(head -c 200000 /dev/zero | socat -t 20 - TCP:two:7000)" = 200000 ]' } as const;
  await two.run(['systemd-run', '--quiet', 'socat', 'TCP-LISTEN:7000,fork,reuseaddr', 'SYSTEM:wc -c']);
  await expect.poll(() => succeeds(transfer), SOON).toBe(true);
  const fault = await two.faults.slowLink({ kbitPerSecond: 1000 });
  expect(await secondsOf(transfer)).toBeGreaterThan(1.2);
  await fault.undo();
  expect(await secondsOf(transfer)).toBeLessThan(1.2);
});

test('a dropped port does not answer, others do', async () => {
  const connect = (port: number): Command => ['timeout', '3', 'socat', '-u', `TCP:two:${port}`, '-'];
  const fault = await two.faults.dropPort({ port: 7000 });
  expect((await one.run(connect(7000), { check: false })).exitCode).toBe(124);
  expect((await one.run(connect(22), { check: false })).stdout).toMatch(/^SSH-2.0/);
  expect((await one.run(connect(7001), { check: false })).stderr).toContain('Connection refused');
  await fault.undo();
  expect(await answer()).toBe('2\n');
});

test('a lossy link loses its share', async () => {
  const fault = await two.faults.losePackets({ percent: 50, plane: 1 });
  const { stdout } = await one.run(['ping', '-q', '-c', '100', '-i', '0.01', '-W', '1', two.addresses[1] ?? ''], {
    check: false,
  });
  // Both the question and the answer are lost with 50 %, so that 75 are missing on average.
  const received = Number(/(\d+) received/.exec(stdout)?.[1]);
  expect(received).toBeGreaterThan(2);
  expect(received).toBeLessThan(60);
  await fault.undo();
  await one.run(['ping', '-q', '-c', '20', '-i', '0.01', '-W', '1', two.addresses[1] ?? '']);
});

test("a full disk is full for the host, and costs the machine's disk next to nothing", async () => {
  const before = await statfs(cacheRoot());
  const fault = await one.faults.fillDisk();
  const write = { script: 'head -c 1000000 /dev/zero >/srv/more' } as const;
  await expect(one.run(write)).rejects.toThrow('No space left on device');
  const after = await statfs(cacheRoot());
  expect((before.bavail - after.bavail) * before.bsize).toBeLessThan(500_000_000);
  await fault.undo();
  await one.run(write);
});

test('a disk can be filled but for a rest', async () => {
  const fault = await one.faults.fillDisk({ leaveMiB: 50 });
  const { stdout } = await one.run(['df', '--output=avail', '--block-size=1M', '/']);
  expect(Number(stdout.split('\n')[1])).toBeGreaterThanOrEqual(49);
  expect(Number(stdout.split('\n')[1])).toBeLessThan(80);
  await fault.undo();
});

test('a process is killed, by name and by id', async () => {
  await one.run(['systemd-run', '--quiet', '--unit=victim', 'sleep', '1000']);
  await one.faults.killProcess({ name: 'sleep' });
  await expect.poll(() => isActive(one, 'victim'), SOON).toBe('failed');
  await one.run(['systemctl', 'reset-failed', 'victim']);
  await one.run(['systemd-run', '--quiet', '--unit=victim', 'sleep', '1000']);
  const { stdout } = await one.run(['systemctl', 'show', '--value', '--property=MainPID', 'victim']);
  await one.faults.killProcess({ pid: Number(stdout) });
  await expect.poll(() => isActive(one, 'victim'), SOON).toBe('failed');
  await one.run(['systemctl', 'reset-failed', 'victim']);
  await expect(one.faults.killProcess({ name: 'no-such-program' })).rejects.toThrow('exit code 1');
});

test('a frozen process hangs, with its port open, until it goes on', async () => {
  const fault = await two.faults.freezeProcess({ name: 'socat' });
  const ask = { script: 'echo x | timeout 1 socat -t 5 - TCP:two:7000' } as const;
  expect((await one.run(ask, { check: false })).exitCode).toBe(124);
  await fault.undo();
  expect(await answer()).toBe('2\n');
});

test('a masked service cannot be started, and starts again when unmasked', async () => {
  await one.write('/usr/lib/systemd/system/demo.service', '[Service]\nExecStart=/bin/sleep infinity\n');
  await one.run({ script: 'systemctl daemon-reload; systemctl start demo' });
  const fault = await one.faults.maskService('demo.service');
  expect(await isActive(one, 'demo')).toBe('inactive');
  await expect(one.run(['systemctl', 'start', 'demo'])).rejects.toThrow('masked');
  await fault.undo();
  expect(await isActive(one, 'demo')).toBe('active');
});

test('a broken service fails, a reboot does not mend it, undoing does', async () => {
  const fault = await one.faults.breakService('demo.service');
  await expect.poll(() => isActive(one, 'demo'), SOON).toBe('failed');
  await one.reboot();
  await one.run(['systemctl', 'start', 'demo']);
  await expect.poll(() => isActive(one, 'demo'), SOON).toBe('failed');
  await fault.undo();
  expect(await isActive(one, 'demo')).toBe('active');
});

test('a shifted clock is seen by programs of the host, not by the machine', async () => {
  const now = async () => Number((await one.run(['date', '+%s'])).stdout);
  const fault = await one.faults.shiftClock(-3 * 86_400);
  expect(Math.abs((await now()) + 3 * 86_400 - Date.now() / 1000)).toBeLessThan(60);
  await fault.undo();
  expect(Math.abs((await now()) - Date.now() / 1000)).toBeLessThan(60);
  await expect(one.faults.shiftClock(0.5)).rejects.toThrow('whole seconds');
});

test("the machine's own clock cannot be set from a host", async () => {
  expect((await one.run(['date', '--set', '2001-01-01'], { check: false })).exitCode).not.toBe(0);
});

async function succeeds(command: Command): Promise<boolean> {
  return (await one.run(command, { check: false })).exitCode === 0;
}

/** What the service on port 7000 says to two bytes. */
async function answer(): Promise<string> {
  return (await one.run({ script: 'echo x | socat -t 5 - TCP:two:7000' })).stdout;
}

async function secondsOf(command: Command): Promise<number> {
  const started = Date.now();
  await one.run(command);
  return (Date.now() - started) / 1000;
}

async function isActive(host: TestHost, unit: string): Promise<string> {
  return (await host.run(['systemctl', 'is-active', unit], { check: false })).stdout.trim();
}
