import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { BootstrapConfiguration } from '../../src/config/configuration.types.ts';
import type { Plan } from '../../src/plan/plan.ts';
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
import { networkNamespace } from '../support/hosts/addresses.ts';
import type { TestHost } from '../support/hosts/host.ts';
import { machineTool } from '../support/hosts/machine-tool.ts';
import { createNetwork, type TestNetwork } from '../support/hosts/network.ts';
import { smallRpm } from '../support/packages/small-rpm.ts';
import { changesOf, everyFile } from '../support/preflight/every-file.ts';
import { givenFaults } from '../support/preflight/machine-faults.ts';
import { otherwiseScript, otherwiseTold } from '../support/preflight/otherwise-told.ts';
import type { ProvokedFault } from '../support/preflight/provoked-fault.ts';
import { laterFaults, provokedFaults, provokingScript } from '../support/preflight/provoked-faults.ts';

/** A host is judged by what it is, gets one report with all that is wrong, and stays as it was. The tests go one after another. */
const report = (line: string) => void process.stderr.write(`${line}\n`);

const NODE = 'node1';
/** Where the launcher of a disc keeps the runtime that it has verified. */
const RUNTIME = '/var/lib/metalk8s/runtime';
const LOCK = '/run/metalk8s/lock';
const PACKAGES = ['runc', 'podman', 'docker-ce', 'salt-minion', 'kubelet'];

let network: TestNetwork;
let host: TestHost;
let given: readonly ProvokedFault[];

beforeAll(async () => {
  given = await givenFaults();
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
  return { exitCode, found: foundIn(stdout, stderr) };
}

function foundIn(stdout: string, stderr: string): readonly Finding[] {
  expect(stdout, stderr).toMatch(/^\{/);
  return (JSON.parse(stdout) as PreflightReport).hosts[0]?.findings ?? [];
}

/** How fast the machine's disk is at this moment, is no matter of this test. */
function checksOf(found: readonly Finding[]): readonly string[] {
  return [...new Set(found.map(({ check }) => check))].filter((check) => check !== 'etcd-latency').sort();
}

function checksFor(...faults: readonly ProvokedFault[]): readonly string[] {
  return [...new Set(faults.flatMap(({ checks }) => checks))].sort();
}

/** Whether a line of `changesOf` is of the copy of the runtime, which the launcher of a disc makes. */
function isOfRuntime(line: string): boolean {
  return (
    line.startsWith(`+ ${RUNTIME}/`) || [dirname(RUNTIME), RUNTIME].includes(line.replace(/^\+ (\S+) d 755 0:0$/, '$1'))
  );
}

/** A configuration that does not fit the host. */
async function configure(networks: Partial<BootstrapConfiguration['networks']>): Promise<void> {
  const { kubernetes: _, ...rest } = bootstrapConfiguration(network, 'another', DISC_FILE);
  const oidc = { issuerURL: 'https://id.site.example', clientID: 'kubernetes', CAFile: '/etc/metalk8s/not-there.crt' };
  const kubernetes = { apiServer: { oidc } };
  await host.write(CONFIGURATION, stringify({ ...rest, kubernetes, networks: { ...rest.networks, ...networks } }));
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

test('a host that is as it should be passes, with what the machine at hand cannot help; only the runtime is new', async () => {
  const before = await everyFile(host);
  const { exitCode, found } = await findings();
  expect(exitCode).toBe(0);
  expect(found.every(({ severity }) => severity === 'warning')).toBe(true);
  expect(checksOf(found)).toEqual(checksFor(...given));
  const changes = changesOf(before, await everyFile(host));
  expect(changes.filter((line) => !isOfRuntime(line))).toEqual([]);
  expect(changes).toContainEqual(expect.stringMatching(/runtime\/bin\/node f 555 0:0 /));
});

test('a dry run of bootstrap shows the plan of that host, and changes nothing', async () => {
  const before = await everyFile(host);
  const { exitCode, stdout, stderr } = await metalk8s('bootstrap --dry-run -o json');
  expect(exitCode, stderr).toBe(0);
  const plan = JSON.parse(stdout) as Plan;
  expect(plan.command).toBe('bootstrap');
  expect(plan.steps.length).toBeGreaterThan(30);
  expect(changesOf(before, await everyFile(host))).toEqual([]);
});

test('what the kernel tells is judged, and who looks', async () => {
  const command = `sh ${DISC_MOUNT}/metalk8s preflight --without-archives -o json`;
  const script = otherwiseScript(command, DISC_FILE);
  const { exitCode, stdout, stderr } = await host.run({ script }, { check: false });
  const found = foundIn(stdout, stderr);
  expect(exitCode).toBe(4);
  const checks = [...new Set(found.map(({ check }) => check))];
  expect(checks).toEqual(expect.arrayContaining([...checksFor(...otherwiseTold)]));
});

test('a name that no check has is wrong usage, with the nearest', async () => {
  const { exitCode, stderr } = await metalk8s('preflight --ignore-preflight-errors firewall');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('"firewall" (firewalld?)');
});

test('dozens of faults at once are one report, and nothing is changed by preflight, nor by bootstrap', async () => {
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
  await machineTool([
    'ip',
    '-n',
    networkNamespace(network.slot),
    'address',
    'add',
    `${addressOf(77)}/32`,
    'dev',
    'plane0',
  ]);
  await provoke(provokedFaults);
  const before = await everyFile(host);
  const { exitCode, found } = await findings();
  expect(exitCode).toBe(4);
  expect(checksOf(found)).toEqual(checksFor(...given, ...provokedFaults));
  expect(JSON.stringify(found)).not.toContain('secret@');

  expect(changesOf(before, await everyFile(host))).toEqual([]);

  const errors = found.filter(({ severity }) => severity === 'error');
  const { stderr, exitCode: status } = await metalk8s('bootstrap');
  expect(status).toBe(4);
  for (const { check, found: what } of errors) {
    expect(flat(stderr)).toContain(flat(`error ${check}: ${what}`));
    expect(flat(stderr)).toMatch(new RegExp(`preflight found \\d+ errors: .*\\b${check}\\b`));
  }
  expect(changesOf(before, await everyFile(host))).toEqual([
    '+ /run/metalk8s d 755 0:0',
    expect.stringMatching(`^\\+ ${LOCK} f 600 0:0 0 `),
  ]);
});

function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

test('errors that are named are ignored, but for those that would destroy something', async () => {
  const names = checksFor(...given, ...provokedFaults);
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

  await host.run(['rm', '-f', '/usr/bin/flock']);
  const { exitCode: status, stderr } = await metalk8s('bootstrap');
  expect(status).toBe(4);
  expect(stderr).toContain('there is no program flock');
});
