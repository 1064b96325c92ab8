import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { calicoManifest } from '../support/cluster/calico-manifest.ts';
import { DISC } from '../support/cluster/disc-content.ts';
import { discContent } from '../support/cluster/disc-of-release.ts';
import { installNode } from '../support/cluster/install-node.ts';
import { initCluster, type KubeadmCluster } from '../support/cluster/kubeadm-cluster.ts';
import { probePod } from '../support/cluster/probe-pods.ts';
import { waitUntil } from '../support/cluster/wait-until.ts';
import type { TestHost } from '../support/hosts/host.ts';
import { createNetwork, type TestNetwork } from '../support/hosts/network.ts';
import { testRelease } from '../support/release/release.ts';

/**
 * The proof that the ground is real: unmodified kubeadm makes a cluster on disposable hosts from the test release alone,
 * with no way to the Internet.
 */
const report = (line: string) => void process.stderr.write(`${line}\n`);

/** Not wget's own `-T`: Debian 12's BusyBox crashes on it. */
const FETCH = ['timeout', '5', 'wget', '-q', '-O', '-'];

let network: TestNetwork;
let cluster: KubeadmCluster;
let controlPlane: TestHost;
let worker: TestHost;

beforeAll(async () => {
  const release = await testRelease({}, report);
  const disc = discContent(release);
  network = await createNetwork({ report });
  const binds = [{ source: release.directory, target: DISC }];
  [controlPlane, worker] = await Promise.all([
    network.addHost({ name: 'cp1', kind: 'el9-double', binds }),
    network.addHost({ name: 'w1', kind: 'el9-double', binds }),
  ]);
  await Promise.all([installNode(controlPlane, disc), installNode(worker, disc)]);
  report('kubeadm init on cp1');
  cluster = await initCluster(controlPlane, disc.kubernetes);
  await cluster.kubectl(
    ['apply', '--filename=-'],
    calicoManifest(await readFile(disc.calicoManifest, 'utf8'), 'Always'),
  );
  report('kubeadm join on w1');
  await cluster.join(worker);
  // The control plane takes pods too, so that two of them are on two nodes.
  await cluster.kubectl(['taint', 'nodes', 'cp1', 'node-role.kubernetes.io/control-plane:NoSchedule-']);
  for (const node of ['cp1', 'w1']) {
    await cluster.kubectl(['apply', '--filename=-'], JSON.stringify(probePod({ node, image: disc.toolsImage })));
  }
  report('waiting for nodes and pods');
  await cluster.kubectl(['wait', 'nodes', '--all', '--for=condition=Ready', '--timeout=180s']);
  await cluster.kubectl(['wait', 'pods', '--all', '--for=condition=Ready', '--timeout=180s']);
});

afterAll(async () => {
  await network?.destroy();
});

test('two nodes are Ready, with the version of the release', async () => {
  const { items } = JSON.parse(await cluster.kubectl(['get', 'nodes', '--output=json']));
  const nodes = items.map((node: { metadata: { name: string }; status: { nodeInfo: { kubeletVersion: string } } }) => [
    node.metadata.name,
    node.status.nodeInfo.kubeletVersion,
  ]);
  expect(nodes).toEqual([
    ['cp1', 'v1.36.3'],
    ['w1', 'v1.36.3'],
  ]);
});

test('all pods of the system become Ready: Calico, CoreDNS, kube-proxy, static pods', async () => {
  await cluster.kubectl([
    'wait',
    'pods',
    '--all',
    '--namespace=kube-system',
    '--for=condition=Ready',
    '--timeout=180s',
  ]);
  const names = await cluster.kubectl(['get', 'pods', '--namespace=kube-system', '--output=name']);
  for (const name of [
    'calico-node',
    'calico-kube-controllers',
    'coredns',
    'kube-proxy',
    'etcd-cp1',
    'kube-apiserver-cp1',
  ]) {
    expect(names).toContain(`pod/${name}`);
  }
});

test('a pod resolves a Service by its name', async () => {
  const answer = await waitUntil('the cluster DNS answers', () =>
    cluster.kubectl(['exec', 'probe-w1', '--', 'nslookup', 'kubernetes.default.svc.cluster.local']),
  );
  expect(answer).toContain('10.96.0.1');
});

test('a pod reaches a pod on the other node, in both directions', async () => {
  for (const [from, to] of [
    ['cp1', 'w1'],
    ['w1', 'cp1'],
  ] as const) {
    const address = await cluster.kubectl(['get', 'pod', `probe-${to}`, '--output=jsonpath={.status.podIP}']);
    const page = await waitUntil(`the pod on ${from} reaches the one on ${to}`, () =>
      cluster.kubectl(['exec', `probe-${from}`, '--', ...FETCH, `http://${address}:8080/`]),
    );
    expect(page).toContain(`probe on ${to}`);
  }
});

test('a Service leads to a pod on the other node', async () => {
  await cluster.kubectl(['expose', 'pod', 'probe-w1', '--port=80', '--target-port=8080']);
  const page = await waitUntil('the Service answers', () =>
    cluster.kubectl(['exec', 'probe-cp1', '--', ...FETCH, 'http://probe-w1.default/']),
  );
  expect(page).toContain('probe on w1');
});

test('the hosts have no way out: a documentation address of the Internet is unreachable', async () => {
  const { exitCode } = await worker.run(['ping', '-c', '1', '-W', '1', '192.0.2.1'], { check: false });
  expect(exitCode).not.toBe(0);
});
