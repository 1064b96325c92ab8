import { randomInt } from 'node:crypto';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { productVersion } from '../../src/cli/product-version.ts';
import { listeners } from '../../src/kubernetes/listeners.ts';
import { leftBehind, stateOfBareHost } from '../support/cluster/bare-host.ts';
import { makeDisc } from '../support/cluster/bootstrap-disc.ts';
import { addBootstrapHost, metalk8s } from '../support/cluster/bootstrap-ground.ts';
import { kubectl } from '../support/cluster/kubectl.ts';
import type { TestHost } from '../support/hosts/host.ts';
import { createNetwork, type TestNetwork } from '../support/hosts/network.ts';
import { chances } from '../support/state/kill-plan.ts';
import { killRun } from '../support/state/kill-run.ts';
import { killAmid, killReset, resetSteps } from '../support/state/reset-through-kills.ts';

/** What a site does to a bootstrap: each time it says what is wrong, and goes on once that is mended. At last the host is given back. */
const report = (line: string) => void process.stderr.write(`${line}\n`);

const NODE = 'cp1';
const PORT = listeners.registry.port;

/** The same seed kills reset in the same step. */
const seed = Number(process.env.METALK8S_TEST_SEED ?? randomInt(2 ** 31));

/** Where the host's owner has a link of that name, and what it leads to: later to something else. */
const COMMAND = '/usr/local/bin/metalk8s';
const [FORMERLY, MEANWHILE] = ['/opt/former/metalk8s', '/opt/meanwhile/metalk8s'];
const link = (target: string) => ['ln', '--symbolic', '--force', '--no-dereference', target, COMMAND] as const;

let network: TestNetwork;
let host: TestHost;
/** The host before anything of the disc ran on it. */
let untouched: readonly string[];

beforeAll(async () => {
  const disc = await makeDisc(report);
  network = await createNetwork({ report });
  host = await addBootstrapHost(network, disc, { name: NODE });
  await host.run(link(FORMERLY));
  untouched = await stateOfBareHost(host);
});

afterAll(() => network?.destroy());

/** What the kernel says of a full disk, as the cause that is told, whoever met it. */
const NO_SPACE = /^(?:Error|Why): .*(?:ENOSPC|no space left on device)/im;

describe('a bootstrap that is disturbed', () => {
  const first = { step: `place-archive-${productVersion}`, line: 'step-done', afterMs: 0 } as const;
  const FULL = ['--ignore-preflight-errors', 'disk-space,disk-pressure'];

  async function fails(exit: number, args: readonly string[] = []): Promise<string> {
    const { exitCode, stderr } = await metalk8s(host, ['bootstrap', ...args]);
    expect(exitCode, stderr).toBe(exit);
    expect(stderr).toMatch(/^Resume: .*metalk8s bootstrap/m);
    return stderr;
  }

  test('by a disk that fills up while the archive is copied, says so', async () => {
    // Less than the archive, and enough to begin.
    const full = await host.faults.fillDisk({ leaveMiB: 300 });
    const said = await fails(8, FULL).finally(() => full.undo());
    expect(said).toMatch(/^Error: +Copy the archive /m);
    expect(said).toMatch(NO_SPACE);
  });

  test('by its owner, who changes a link before ours takes its place, minds that', async () => {
    const { stdout } = await host.run(['cat', '/var/lib/metalk8s/possessions.json']);
    const { entries } = JSON.parse(stdout) as { readonly entries: readonly { readonly path?: string }[] };
    const before = { type: 'link', target: FORMERLY, uid: 0, gid: 0 };
    expect(entries.find(({ path }) => path === COMMAND)).toMatchObject({ what: 'file', before, placed: false });
    await host.run(link(MEANWHILE));
  });

  test('by a package that is lost, names it', async () => {
    expect(await killRun(host, first, ['bootstrap'])).toMatchObject({ hit: true, exitCode: null });
    const { stdout: found } = await host.run(['find', '/srv/metalk8s', '-name', 'kubelet-1.*.rpm', '-path', '*el9*']);
    const lost = found.trim();
    await host.run(['mv', lost, '/root/lost.rpm']);
    const said = await fails(5).finally(() => host.run(['mv', '/root/lost.rpm', lost]));
    expect(said).toContain(basename(lost));
  });

  test('by a disk that fills up while the host is made ready for Kubernetes, says so', async () => {
    const bootstrap = metalk8s(host, ['bootstrap', ...FULL]);
    // With the images of the registry still to come.
    await host.run({
      script: `timeout 300 sh -c 'until grep -qs "step-done.*install-packages" /var/lib/metalk8s/runs/*/journal.ndjson; do sleep 0.02; done'`,
    });
    const full = await host.faults.fillDisk({ leaveMiB: 4 });
    const { exitCode, stderr } = await bootstrap.finally(() => full.undo());
    expect(exitCode, stderr).toBe(8);
    expect(stderr).toMatch(NO_SPACE);
    expect(stderr).toMatch(/^Resume: .*metalk8s bootstrap/m);
  });

  test('by rules that keep everybody from the registry, tells what it waited for, what it saw, and where to look', async () => {
    await host.run({
      script: `nft add table inet site
nft add chain inet site input '{ type filter hook input priority 0; }'
nft add rule inet site input tcp dport ${PORT} drop`,
    });
    const said = await fails(8).finally(() => host.run(['nft', 'delete', 'table', 'inet', 'site']));
    const url = `https://${host.addresses[0]}:${PORT}/v2/`;
    expect(said).toContain(`Waited 180 seconds in vain for this: ${url} answers 200\n`);
    expect(said).toMatch(/^Why: +seen last: .*timed out\n +Pod kube-system\/registry-cp1 (?:runs|does not run)\n/m);
    expect(said).toMatch(/\/var\/log\/pods\/kube-system_registry-cp1_\w+\/registry\/\d+\.log /);
    expect(said).toMatch(/^To do: .*nft list ruleset/m);
  });

  test('by the death of the registry while the images of the control plane come from it, waits and goes on', async () => {
    const bootstrap = metalk8s(host, ['bootstrap']);
    // As soon as the kubelet has something to pull.
    const { stdout: there } = await host.run({
      script: `timeout 300 sh -c 'until test -e /etc/kubernetes/manifests/etcd.yaml; do sleep 0.02; done'
pkill --signal KILL --full '^nginx: master process '
ctr --namespace k8s.io images list --quiet`,
    });
    expect(there).toContain('nginx');
    expect(there).not.toContain('kube-apiserver');
    const { exitCode, stderr } = await bootstrap;
    report(stderr);
    expect(exitCode, stderr).toBe(0);
    const path = '{.status.containerStatuses[0].restartCount}';
    const pod = ['get', 'pod', '--namespace=kube-system', `registry-${NODE}`, `--output=jsonpath=${path}`];
    expect(Number(await kubectl(host, pod))).toBeGreaterThan(0);
  });

  test('is a healthy cluster in the end', async () => {
    const { exitCode, stdout, stderr } = await metalk8s(host, ['status', '--output', 'json']);
    expect(JSON.parse(stdout), stderr).toMatchObject({ state: 'healthy', problems: [] });
    expect(exitCode).toBe(0);
  });
});

/** Of a container of somebody else: its network, and a port of the host that leads to it. */
const NEIGHBOURS = `ip netns add neighbour
iptables -t nat -N CNI-DN-neighbour
iptables -t nat -N CNI-HOSTPORT-DNAT || true
iptables -t nat -A CNI-HOSTPORT-DNAT -m comment --comment 'dnat name: "podman" id: "1"' -j CNI-DN-neighbour`;

/** See the kubelet's `--protect-kernel-defaults`. Hosts share them, so that `leftBehind` compares them in the trials alone. */
const MACHINE_SETTINGS = [
  'kernel.keys.root_maxbytes',
  'kernel.keys.root_maxkeys',
  'kernel.panic',
  'kernel.panic_on_oops',
  'vm.overcommit_memory',
  'vm.panic_on_oom',
] as const;

describe('reset', () => {
  test('wants a word on a terminal, or --yes', async () => {
    const { exitCode, stderr } = await metalk8s(host, ['reset']);
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toContain('--yes');
  });

  test('has noted what the kubelet sets for the whole machine', async () => {
    const { stdout } = await host.run(['cat', '/var/lib/metalk8s/possessions.json']);
    const { entries } = JSON.parse(stdout) as { readonly entries: readonly { what: string; name?: string }[] };
    const noted = entries.flatMap(({ what, name }) => (what === 'kernel-setting' ? [name] : []));
    expect(noted).toEqual(expect.arrayContaining([...MACHINE_SETTINGS]));
  });

  test(`killed and run again leaves the host as it was before, and what others have beside the cluster (METALK8S_TEST_SEED=${seed})`, async () => {
    await host.run({ script: NEIGHBOURS });
    const kill = killAmid((await resetSteps(host)).slice(0, -1), chances(seed));
    if (kill === undefined) throw new Error('there is nothing to reset');
    await killReset(host, { ...kill, mayBeOver: false }, report);
    const { exitCode, stdout, stderr } = await metalk8s(host, ['reset', '--yes', '--output', 'yaml']);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain(`node: ${NODE}\n`);
    const { stdout: left } = await host.run({ script: 'ip netns list; nft list table ip nat' });
    expect(left).toContain('neighbour\n');
    expect(left).toMatch(/chain CNI-HOSTPORT-DNAT \{\s+.*jump CNI-DN-neighbour/);
    await host.run({
      script: 'ip netns delete neighbour; umount /run/netns; rmdir /run/netns; nft delete table ip nat',
    });
    expect((await host.run(['readlink', COMMAND])).stdout).toBe(`${MEANWHILE}\n`);
    await host.run(link(FORMERLY));
    expect(leftBehind(untouched, await stateOfBareHost(host))).toEqual([]);
  });

  test('leaves a cluster alone that it did not make, however often', async () => {
    await host.write('/etc/kubernetes/admin.conf', 'of another cluster');
    for (const _ of ['once', 'twice']) {
      const { exitCode, stderr } = await metalk8s(host, ['reset', '--yes']);
      expect(exitCode, stderr).toBe(0);
      expect(stderr).toContain('so it stays: /etc/kubernetes');
    }
    await host.run(['rm', '--recursive', '/etc/kubernetes']);
    expect(leftBehind(untouched, await stateOfBareHost(host))).toEqual([]);
  });
});
