import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { baseImage } from '../support/hosts/base-image.ts';
import type { TestHost } from '../support/hosts/host.ts';
import { createNetwork, type TestNetwork } from '../support/hosts/network.ts';
import { compare, snapshot, type Trace } from '../support/leftovers.ts';
import { directoryOfTests } from '../support/test-directory.ts';

const NAMES = ['one', 'two', 'three'] as const;

let before: Trace[];
const disc = directoryOfTests();
let network: TestNetwork;
let one: TestHost;
let two: TestHost;
let three: TestHost;

beforeAll(async () => {
  before = await snapshot('none');
  await writeFile(join(disc, 'label'), 'disc 1\n');
  const started = Date.now();
  await baseImage('el9-double', report);
  report(`base image: ${Date.now() - started} ms`);
  network = await createNetwork({ planes: 2, report });
  const hosts = await Promise.all(NAMES.map(add));
  [one, two, three] = hosts as [TestHost, TestHost, TestHost];
});

afterAll(async () => {
  await network.destroy();
  expect(compare(before, await snapshot('none'))).toEqual([]);
});

test('all hosts answer and have booted without a failed unit', async () => {
  for (const host of [one, two, three]) {
    const { stdout: name } = await host.run(['uname', '--nodename']);
    expect(name).toBe(`${host.name}\n`);
    const { stdout: state } = await host.run(['systemctl', 'is-system-running', '--wait'], { check: false });
    expect(state).toBe('running\n');
    const { stdout: failed } = await host.run(['systemctl', 'list-units', '--failed', '--plain', '--no-legend']);
    expect(failed).toBe('');
  }
});

test('hosts get their addresses in the order of the calls, and identities of their own', async () => {
  const subnet = network.subnets.map((text) => text.replace('.0/24', ''));
  expect([one, two, three].map(({ addresses }) => addresses)).toEqual(
    ['11', '12', '13'].map((last) => subnet.map((start) => `${start}.${last}`)),
  );
  const ids = await Promise.all([one, two, three].map((host) => host.run(['cat', '/etc/machine-id'])));
  expect(new Set(ids.map(({ stdout }) => stdout)).size).toBe(3);
});

test('hosts reach each other by name, and by address in both planes', async () => {
  for (const target of ['two', 'three', ...two.addresses, ...three.addresses]) {
    await one.run(['ping', '-c', '1', '-W', '2', target ?? '']);
  }
});

test('hosts reach nothing outside, and learn so at once', async () => {
  for (const outside of ['192.0.2.1', '172.28.0.1']) {
    const started = Date.now();
    const { stdout, exitCode } = await one.run(['ping', '-c', '1', outside], { check: false });
    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/^From \S+\.254 .*Destination Host Unreachable$/m)]);
    expect(Date.now() - started).toBeLessThan(5000);
  }
});

test('the double passes for Enterprise Linux 9', async () => {
  const { stdout: packages } = await one.run(['rpm', '-q', 'el9-double-base']);
  expect(packages).toBe('el9-double-base-9.6-1.el9.noarch\n');
  const { stdout: dnf } = await one.run(['dnf', '--version']);
  expect(dnf).toMatch(/^4\./);
  const { stdout: releasever } = await one.run([
    'python3',
    '-c',
    'import dnf.rpm; print(dnf.rpm.detect_releasever("/"))',
  ]);
  expect(releasever).toBe('9\n');
  const { stdout: dist } = await one.run(['rpm', '--eval', '%dist']);
  expect(dist).toBe('.el9\n');
  const { stdout: system } = await one.run(['hostnamectl']);
  expect(system).toContain('Operating System: Rocky Linux 9.6 (Blue Onyx)');
});

test('dnf judges requirements by what the base package provides', async () => {
  const { stdout } = await one.run([
    'rpm',
    '-q',
    '--whatprovides',
    'bash',
    'systemd',
    'util-linux',
    '/usr/sbin/useradd',
  ]);
  expect(new Set(stdout.trim().split('\n'))).toEqual(new Set(['el9-double-base-9.6-1.el9.noarch']));
});

test('kernel modules that are built in can be asked for', async () => {
  await one.run(['modprobe', '--all', 'overlay', 'br_netfilter', 'nf_conntrack']);
});

test('files go to a host and come back', async () => {
  const content = Buffer.from([0, 1, 2, 255, 10, 13, 0]);
  await one.write('/srv/a folder/file', content, 0o640);
  expect(await one.read('/srv/a folder/file')).toEqual(content);
  const { stdout: mode } = await one.run(['stat', '--format=%a', '/srv/a folder/file']);
  expect(mode).toBe('640\n');

  await one.upload(join(disc, 'label'), '/srv/label');
  expect((await one.read('/srv/label')).toString()).toBe('disc 1\n');
  await one.upload(disc, '/srv/disc');
  expect((await one.read('/srv/disc/label')).toString()).toBe('disc 1\n');
});

test('a command that fails is an error with its words, or a result when asked for', async () => {
  const command = { script: 'echo out; echo sorry >&2; exit 3' };
  await expect(one.run(command)).rejects.toThrow(/exit code 3\nsorry/);
  expect(await one.run(command, { check: false })).toEqual({ stdout: 'out\n', stderr: 'sorry\n', exitCode: 3 });
});

test('a command that does not end is ended, and the connection stays usable', async () => {
  await expect(one.run(['sleep', '60'], { timeoutMs: 300 })).rejects.toThrow('did not end within 300 ms');
  expect((await one.run(['echo', 'still here'])).stdout).toBe('still here\n');
});

test('standard input reaches the command', async () => {
  expect((await one.run(['wc', '-c'], { input: 'x'.repeat(300_000) })).stdout).toBe('300000\n');
});

test('a bind is seen and cannot be written to', async () => {
  expect((await three.read('/media/disc/label')).toString()).toBe('disc 1\n');
  await expect(three.run(['touch', '/media/disc/label'])).rejects.toThrow('Read-only file system');
});

test('users log in with the key of the network and have the sudo they were given', async () => {
  const { privateKeyFile, knownHostsFile } = three.login;
  const as = async (user: string, script: string, input = '') =>
    one.run(
      { script: `ssh -i /root/key -o UserKnownHostsFile=/root/known ${user}@three ${script}` },
      { input, check: false },
    );
  await one.upload(privateKeyFile, '/root/key');
  await one.upload(knownHostsFile, '/root/known');
  expect((await as('free', 'sudo -n id -u')).stdout).toBe('0\n');
  expect((await as('none', 'id -un')).stdout).toBe('none\n');
  expect((await as('none', 'sudo -n id -u')).exitCode).not.toBe(0);
  expect((await as('asked', 'sudo -n id -u')).exitCode).not.toBe(0);
  expect((await as('asked', 'sudo -S id -u', 'a secret\n')).stdout).toBe('0\n');
});

test('the disk has the size that was asked for', async () => {
  const { stdout } = await three.run(['df', '--output=size', '--block-size=1M', '/']);
  expect(Number(stdout.split('\n')[1])).toBeGreaterThan(3800);
  expect(Number(stdout.split('\n')[1])).toBeLessThan(4096);
});

test('memory is limited where that was asked for', async () => {
  const allocate = ['python3', '-c', 'bytearray(600 * 1024 * 1024)'] as const;
  expect((await three.run(allocate, { check: false })).exitCode).toBe(255);
  expect((await one.run(allocate)).exitCode).toBe(0);
});

test('a host that shows another key than its own is refused', async () => {
  await two.run({
    script: 'rm /etc/ssh/ssh_host_ed25519_key*; ssh-keygen -q -N "" -t ed25519 -f /etc/ssh/ssh_host_ed25519_key',
  });
  await two.run(['systemctl', 'restart', 'sshd']);
  two.disconnect();
  await expect(two.run(['true'])).rejects.toThrow(/cannot log in to host two as root@.*: wrong host key/);
});

async function add(name: (typeof NAMES)[number]): Promise<TestHost> {
  const started = Date.now();
  const special = {
    diskGiB: 4,
    memoryMiB: 512,
    binds: [{ source: disc, target: '/media/disc' }],
    users: [
      { name: 'free', sudo: 'free' },
      { name: 'asked', sudo: 'password', password: 'a secret' },
      { name: 'none', sudo: 'none' },
    ],
  } as const;
  const host = await network.addHost({ name, kind: 'el9-double', ...(name === 'three' ? special : {}) });
  report(`host ${name}: ${Date.now() - started} ms from call to login (three at once)`);
  return host;
}

function report(line: string): void {
  process.stdout.write(`${line}\n`);
}
