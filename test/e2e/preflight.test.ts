import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { BootstrapConfiguration } from '../../src/config/configuration.types.ts';
import type { Finding } from '../../src/preflight/check.ts';
import type { PreflightReport } from '../../src/preflight/report.ts';
import { makeDisc } from '../support/cluster/bootstrap-disc.ts';
import {
  addBootstrapHost,
  bootstrapConfiguration,
  CONFIGURATION,
  DISC_FILE,
  DISC_MOUNT,
} from '../support/cluster/bootstrap-ground.ts';
import type { TestHost } from '../support/hosts/host.ts';
import { createNetwork, type TestNetwork } from '../support/hosts/network.ts';
import { smallRpm } from '../support/packages/small-rpm.ts';
import {
  givenFaults,
  laterFaults,
  type ProvokedFault,
  provokedFaults,
  provokingScript,
} from '../support/preflight/provoked-faults.ts';

/** A host with dozens of faults gets one report with all of them, and stays as it was. */
const report = (line: string) => void process.stderr.write(`${line}\n`);

const NODE = 'node1';
const PACKAGES = ['podman', 'docker-ce', 'salt-minion', 'kubelet'];

let network: TestNetwork;
let host: TestHost;

beforeAll(async () => {
  const disc = await makeDisc(report);
  network = await createNetwork({ report });
  host = await addBootstrapHost(network, disc, { name: NODE, diskGiB: 12 });
});

afterAll(async () => {
  await network?.destroy();
});

/** Runs a command of metalk8s from the disc, in an environment of its own. */
function metalk8s(args: string) {
  return host.run({ script: `sh ${DISC_MOUNT}/metalk8s ${args}` }, { check: false });
}

async function findings(args = ''): Promise<{ exitCode: number; found: readonly Finding[] }> {
  const { exitCode, stdout, stderr } = await metalk8s(`preflight -o json ${args}`);
  expect(stdout, stderr).toMatch(/^\{/);
  const { hosts } = JSON.parse(stdout) as PreflightReport;
  return { exitCode, found: hosts[0]?.findings ?? [] };
}

/** How fast the machine's disk is at this moment, is no matter of this test. */
function checksOf(found: readonly Finding[]): readonly string[] {
  return [...new Set(found.map(({ check }) => check))].filter((check) => check !== 'etcd-latency').sort();
}

function checksFor(...faults: readonly ProvokedFault[]): readonly string[] {
  return faults.flatMap(({ checks }) => checks).sort();
}

/** Every file with type, mode, owner, size and time of its content; what RPM touches when it is only asked is left out. */
async function filesOfHost(): Promise<string> {
  const script = `
    find / -xdev \\( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /var/log -o -path /dev \\) -prune \\
      -o ! -name rpmdb.sqlite-shm ! -type d -printf '%p %y %m %U:%G %s %T@ %l\\n' \\
      -o -type d -printf '%p %y %m %U:%G\\n'
    for mount in /var/lib/etcd /var/lib/kubelet /var/lib/containerd /etc/kubernetes; do
      find "$mount" -xdev ! -type d -printf '%p %y %m %U:%G %s %T@\\n' -o -printf '%p %y %m %U:%G\\n'
    done`;
  const { stdout } = await host.run({ script: `{ ${script}\n} | sort` });
  return stdout;
}

/** A configuration that does not fit the host. */
async function configure(networks: Partial<BootstrapConfiguration['networks']>): Promise<void> {
  const { kubernetes: _, ...rest } = bootstrapConfiguration(network, 'another', DISC_FILE);
  await host.write(CONFIGURATION, stringify({ ...rest, networks: { ...rest.networks, ...networks } }));
}

/** An address on the control plane, by its last number. */
function addressOf(last: number): string {
  return String(host.addresses[0]).replace(/\d+$/, String(last));
}

async function provoke(faults: readonly ProvokedFault[]): Promise<void> {
  const variables = {
    ADDRESS: String(host.addresses[0]),
    SECOND_ADDRESS: addressOf(77),
    ENDPOINT: addressOf(78),
    GATEWAY: addressOf(1),
    UNREACHABLE: `${addressOf(128)}/26`,
  };
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  await host.run({ script: `${lines.join('\n')}\n${provokingScript(faults)}` });
}

test('a host that is as it should be passes, with what the machine at hand cannot help', async () => {
  const { exitCode, found } = await findings();
  expect(exitCode).toBe(0);
  expect(found.every(({ severity }) => severity === 'warning')).toBe(true);
  expect(checksOf(found)).toEqual(checksFor(...givenFaults));
});

test('a name that no check has is wrong usage, with the nearest', async () => {
  const { exitCode, stderr } = await metalk8s('preflight --ignore-preflight-errors firewall');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('"firewall" (firewalld?)');
});

test('dozens of faults at once are one report, and nothing is changed', async () => {
  await configure({
    // Of its own port: one of the faults is somebody who listens on that of the API server.
    controlPlane: { cidr: network.subnets[0] ?? '', endpoint: `${addressOf(78)}:7443` },
    workloadPlane: { cidr: '198.51.100.0/24' },
    nodeport: { cidr: '203.0.113.0/24' },
  });
  for (const name of PACKAGES) {
    const file = await smallRpm({ name }, report);
    await host.write(`/root/packages/${name}.rpm`, await readFile(file));
  }
  await provoke(provokedFaults);
  const before = await filesOfHost();
  const { exitCode, found } = await findings();
  expect(exitCode).toBe(4);
  expect(checksOf(found)).toEqual(checksFor(...givenFaults, ...provokedFaults));
  expect(JSON.stringify(found)).not.toContain('secret@');

  const { stdout, exitCode: status } = await metalk8s('preflight');
  expect(status).toBe(4);
  for (const { check, found: what } of found.filter(({ severity }) => severity === 'error')) {
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`error ${check}: ${what}`.replaceAll(/\s+/g, ' '));
  }
  expect(await filesOfHost()).toBe(before);
});

test('errors that are named are ignored, but for those that would destroy something', async () => {
  const names = checksFor(...givenFaults, ...provokedFaults);
  const { exitCode, found } = await findings(`--ignore-preflight-errors ${names.join(',')}`);
  expect(exitCode).toBe(4);
  const stopping = found.filter(({ severity, ignored }) => severity === 'error' && !ignored);
  expect(checksOf(stopping)).toEqual(['cluster-authority', 'etcd-data']);
});

test('a host that can hardly be judged is told so', async () => {
  await configure({ controlPlane: { cidr: '192.0.2.0/25' }, workloadPlane: { cidr: '192.0.2.128/25' } });
  await provoke(laterFaults);
  const { exitCode, found } = await findings();
  expect(exitCode).toBe(4);
  expect(checksOf(found)).toEqual(expect.arrayContaining([...checksFor(...laterFaults)]));
});
