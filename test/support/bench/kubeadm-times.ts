import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { calicoManifest } from '../cluster/calico-manifest.ts';
import { DISC } from '../cluster/disc-content.ts';
import { discContent } from '../cluster/disc-of-release.ts';
import { installNode } from '../cluster/install-node.ts';
import { initCluster, type KubeadmCluster } from '../cluster/kubeadm-cluster.ts';
import type { TestHost } from '../hosts/host.ts';
import type { TestNetwork } from '../hosts/network.ts';
import type { TestRelease } from '../release/release.ts';

/** In seconds from the start of `kubeadm init`, on a host where everything that it needs is ready and every image is unpacked. */
export interface KubeadmTimes {
  readonly healthy: number;
  readonly ready: number;
}

/** `kubeadm init` and Calico, with the content of a release. */
export async function kubeadmTimes(network: TestNetwork, name: string, release: TestRelease): Promise<KubeadmTimes> {
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
