import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TimedEvent } from '../../src/events/event.ts';
import { makeDisc } from '../support/cluster/bootstrap-disc.ts';
import { addBootstrapHost, DISC_FILE, DISC_MOUNT, metalk8s } from '../support/cluster/bootstrap-ground.ts';
import { calicoManifest } from '../support/cluster/calico-manifest.ts';
import { DISC } from '../support/cluster/disc-content.ts';
import { discContent } from '../support/cluster/disc-of-release.ts';
import { installNode } from '../support/cluster/install-node.ts';
import { initCluster, type KubeadmCluster } from '../support/cluster/kubeadm-cluster.ts';
import { coveredBy, pullTimes, type Stretch } from '../support/cluster/pull-times.ts';
import type { TestHost } from '../support/hosts/host.ts';
import { createNetwork } from '../support/hosts/network.ts';
import { testRelease } from '../support/release/release.ts';

/**
 * `bootstrap` from the disc beside what people do by hand, on equal hosts, one after the other: `kubeadm init` with the same network plugin and
 * its images imported and unpacked beforehand, `dnf install` of the same packages in one transaction, `openssl dgst` of the disc. Times of
 * images that bootstrap pulls from its own registry are told apart.
 */
const GOAL = 1.5;

interface Ours {
  readonly verification: number;
  readonly openssl: number;
  readonly packages: number;
  readonly healthy: number;
  readonly ready: number;
  /** Of the time until then, how much was pulling. */
  readonly pulledHealthy: number;
  readonly pulledReady: number;
  readonly whole: number;
  readonly installed: readonly string[];
}

const disc = await makeDisc(() => {});
const release = await testRelease({}, () => {});
const network = await createNetwork();
try {
  const ours = await onHost('bootstrap', measureBootstrap);
  const dnf = await onHost('dnf', (name) => measureDnf(name, ours.installed));
  const kubeadm = await onHost('kubeadm', measureKubeadm);
  say('');
  row('', 'bootstrap', 'by hand', 'ratio');
  compare('the disc verified, beside openssl dgst', ours.verification, ours.openssl);
  compare(`${ours.installed.length} packages, beside one dnf install`, ours.packages, dnf);
  compare('control plane healthy, beside kubeadm init', ours.healthy, kubeadm.healthy);
  compare('  the same without pulls', ours.healthy - ours.pulledHealthy, kubeadm.healthy);
  compare('all pods ready, beside kubeadm and Calico', ours.ready, kubeadm.ready);
  compare('  the same without pulls', ours.ready - ours.pulledReady, kubeadm.ready);
  say(`bootstrap from start to end: ${ours.whole.toFixed(1)} s`);
  const ratio = (ours.healthy - ours.pulledHealthy) / kubeadm.healthy;
  say(`goal: control plane healthy in at most ${GOAL} times kubeadm's time: ${ratio <= GOAL ? 'met' : 'MISSED'}`);
} finally {
  await network.destroy();
}

/** One host at a time, so that all have the whole machine. */
async function onHost<Value>(name: string, measure: (name: string) => Promise<Value>): Promise<Value> {
  process.stderr.write(`measuring ${name}\n`);
  const value = await measure(name);
  for (const host of network.hosts()) await host.destroy();
  return value;
}

async function measureBootstrap(name: string): Promise<Ours> {
  const host = await addBootstrapHost(network, disc, { name });
  // Both read the disc from the page cache.
  const openssl = ['openssl', 'dgst', '-sha256', DISC_FILE] as const;
  await host.run(openssl);
  const opensslTime = await timed(() => host.run(openssl));
  const started = performance.now();
  const { stderr, exitCode } = await metalk8s(host, ['bootstrap', '--log-format', 'json'], { timeoutMs: 1_800_000 });
  const whole = (performance.now() - started) / 1000;
  if (exitCode !== 0) throw new Error(`bootstrap ended with ${exitCode}:\n${stderr.slice(-4000)}`);
  const steps = stepTimes(stderr);
  const { stdout: log } = await host.run(['journalctl', '--unit=containerd', '--output=cat', '--no-pager']);
  const pulls = pullTimes(log);
  say('steps of bootstrap that take longest');
  const slowest = [...steps].toSorted(([, one], [, other]) => seconds(other) - seconds(one)).slice(0, 16);
  for (const [id, step] of slowest) row(`  ${id}`, `${seconds(step).toFixed(2)} s`);
  const prepared = stepOf(steps, 'salt-prepare').to;
  const until = (id: string): Stretch => ({ from: prepared, to: stepOf(steps, id).to });
  const [healthy, ready] = [until('wait-for-apiserver'), until('wait-for-pods')];
  const verification = [...steps].filter(([id]) => id.startsWith('archives/'));
  return {
    verification: verification.reduce((sum, [, step]) => sum + seconds(step), 0),
    openssl: opensslTime,
    packages: seconds(stepOf(steps, 'install-salt')) + (await saltPackageTime(host)),
    healthy: seconds(healthy),
    ready: seconds(ready),
    pulledHealthy: coveredBy(pulls, healthy) / 1000,
    pulledReady: coveredBy(pulls, ready) / 1000,
    whole,
    installed: await newPackages(host),
  };
}

/** When each step began and ended, by its id. */
function stepTimes(stderr: string): ReadonlyMap<string, Stretch> {
  const begun = new Map<string, number>();
  const steps = new Map<string, Stretch>();
  for (const line of stderr.split('\n').filter((each) => each.startsWith('{'))) {
    const event = JSON.parse(line) as TimedEvent['event'] & { readonly time: string };
    if (event.type === 'step-started') begun.set(event.step.id, Date.parse(event.time));
    if (event.type !== 'step-done') continue;
    steps.set(event.step.id, { from: begun.get(event.step.id) ?? 0, to: Date.parse(event.time) });
  }
  return steps;
}

function stepOf(steps: ReadonlyMap<string, Stretch>, id: string): Stretch {
  const found = steps.get(id);
  if (found === undefined) throw new Error(`there was no step ${id}, but ${[...steps.keys()].join(', ')}`);
  return found;
}

/** What Salt took for its states of packages. */
async function saltPackageTime(host: TestHost): Promise<number> {
  const log = String(await host.read('/var/log/metalk8s/salt.log'));
  const states = /Executing state pkg\.installed for .*\n(?:.*\n)*?.*Completed state .* \(duration_in_ms=([\d.]+)\)/g;
  const times = [...log.matchAll(states)].map(([, time]) => Number(time) / 1000);
  if (times.length === 0) throw new Error('Salt’s log tells of no packages');
  return times.reduce((sum, time) => sum + time, 0);
}

async function newPackages(host: TestHost): Promise<readonly string[]> {
  const { entries } = JSON.parse(String(await host.read('/var/lib/metalk8s/possessions.json'))) as {
    readonly entries: readonly { readonly what: string; readonly packages?: readonly string[] }[];
  };
  const before = entries.find(({ what }) => what === 'packages-before')?.packages ?? [];
  const format = '%{NAME}-%{EPOCHNUM}:%{VERSION}-%{RELEASE}.%{ARCH}\\n';
  const { stdout } = await host.run(['rpm', '--query', '--all', `--queryformat=${format}`]);
  const now = stdout.trim().split('\n');
  return now.filter((each) => !before.includes(each) && !each.startsWith('gpg-pubkey-')).sort();
}

/** The same packages, from a copy of the same repository on the host's disk, with the same checks. */
async function measureDnf(name: string, packages: readonly string[]): Promise<number> {
  const host = await addBootstrapHost(network, disc, { name });
  const repository = `[bench]
name=The disc
baseurl=file:///root/packages/el9-x86_64
gpgkey=KEYS
gpgcheck=1
repo_gpgcheck=1
`;
  const script = `cp --recursive ${DISC_MOUNT}/packages /root/packages
keys=$(printf 'file://%s ' /root/packages/keys/*.asc)
sed "s#KEYS#$keys#" >/etc/yum.repos.d/bench.repo`;
  await host.run({ script }, { input: repository });
  return timed(() =>
    host.run(['dnf', 'install', '--assumeyes', '--quiet', '--setopt=install_weak_deps=False', '--', ...packages]),
  );
}

async function measureKubeadm(name: string): Promise<{ readonly healthy: number; readonly ready: number }> {
  const content = discContent(release);
  const host = await network.addHost({
    name,
    kind: 'el9-double',
    diskGiB: 20,
    binds: [{ source: release.directory, target: DISC }],
  });
  await installNode(host, content);
  await host.run(['ctr', '--namespace', 'k8s.io', 'images', 'import', `${DISC}/${content.imageArchive}`]);
  const manifest = calicoManifest(await readFile(content.calicoManifest, 'utf8'), 'CrossSubnet');
  const [address] = host.addresses;
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const healthy = untilReady(host, address).then(since);
  const cluster = await initCluster(host, content.kubernetes);
  await cluster.kubectl(['apply', '--filename=-'], manifest);
  await untilAllPods(cluster);
  return { healthy: await healthy, ready: since() };
}

/** As often as ours looks, and by the same program. */
async function untilReady(host: TestHost, address: string): Promise<void> {
  const ca = '/etc/kubernetes/pki/ca.crt';
  const look = `curl --silent --fail --max-time 5 --cacert ${ca} https://${address}:6443/readyz`;
  await host.run({ script: `until ${look} >/dev/null; do sleep 0.5; done` }, { timeoutMs: 600_000 });
}

/** The node, and all pods that are to be there: CoreDNS twice, kube-proxy, Calico twice, four static ones. */
async function untilAllPods(cluster: KubeadmCluster): Promise<void> {
  const wait = ['wait', '--all', '--for=condition=Ready', '--timeout=5s'];
  for (;;) {
    const nodes = await cluster.kubectl([...wait, 'nodes']).catch(() => '');
    const pods = await cluster.kubectl([...wait, 'pods', '--namespace=kube-system']).catch(() => '');
    if (nodes !== '' && pods.trim().split('\n').length >= 9) return;
    await sleep(500);
  }
}

function seconds({ from, to }: Stretch): number {
  return (to - from) / 1000;
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return (performance.now() - started) / 1000;
}

function compare(name: string, one: number, other: number): void {
  row(name, `${one.toFixed(2)} s`, `${other.toFixed(2)} s`, (one / other).toFixed(2));
}

function row(name: string, ...cells: readonly string[]): void {
  say(`${name.padEnd(44)} ${cells.map((cell) => cell.padStart(11)).join(' ')}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
