import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ClusterNode } from '../../src/kubernetes/cluster-node.ts';
import { type ClusterSettings, minorOf } from '../../src/kubernetes/cluster-settings.ts';
import { clusterConfiguration } from '../../src/kubernetes/kubeadm/cluster-configuration.ts';
import { kubeadmPatches, PATCHES_DIRECTORY } from '../../src/kubernetes/kubeadm/kubeadm-patches.ts';
import { kubeletClusterConfiguration } from '../../src/kubernetes/kubelet/kubelet-configuration.ts';
import { kubeletFlagAdditions } from '../../src/kubernetes/kubelet/kubelet-flags.ts';
import { nodeFiles } from '../../src/kubernetes/node-files.ts';
import { renderYaml } from '../../src/kubernetes/render-yaml.ts';
import { peerUrl } from '../../src/kubernetes/static-pods/etcd.ts';
import { nodeTemplates } from '../../src/product/node-templates.ts';
import { compareEntries, renderDifference } from '../support/kubeadm/compare.ts';
import {
  CERTIFICATE_KEY,
  type Document,
  initConfiguration,
  joinConfiguration,
  type OracleConfiguration,
  type OracleHost,
} from '../support/kubeadm/configuration.ts';
import type { Entries } from '../support/kubeadm/entries.ts';
import { LOAD_BALANCER } from '../support/kubeadm/hosts-network.ts';
import { makeGolden } from '../support/kubeadm/make-golden.ts';
import { ORACLE_VERSIONS } from '../support/kubeadm/versions.ts';
import {
  clusterNode,
  clusterSettings,
  everySetting,
  hostFacts,
  workerNode,
} from '../support/kubernetes/cluster-node.ts';

const ENDPOINT = `${LOAD_BALANCER.name}:${LOAD_BALANCER.port}`;
const ADDRESSES = { cp1: '10.0.0.11', cp2: '10.0.0.12', w1: '10.0.1.11' } as const;
/** The sandbox's hosts have these two of the directories that kubeadm looks for. */
const certificateDirectories = ['/usr/share/ca-certificates', '/usr/local/share/ca-certificates'];

const templates = await nodeTemplates();

/**
 * The other half of isomorphism: real kubeadm, given the configuration that we keep in the cluster and the patches that we leave on the
 * host, writes what we write, to the byte. So a cluster of ours can be carried on with kubeadm.
 */
describe.each(ORACLE_VERSIONS)('kubeadm $version with our configuration and patches', ({ version, minor }) => {
  const cluster = settings(version);
  const nodes = nodesOf(cluster);
  // A control plane that is no member of etcd: kubeadm would make it one, so this is about its apiserver alone.
  const apart = { ...controlPlane('cp1', cluster), roles: ['control-plane'] as const };
  let made: ReadonlyMap<string, Entries>;

  beforeAll(async () => {
    made = await makeGolden(
      version,
      [
        configuration('cluster', nodes),
        { ...configuration('apart', [controlPlane('cp1', cluster)]), hosts: [initHost(apart)] },
      ],
      (line) => process.stderr.write(`${line}\n`),
    );
  });

  it.each(nodes.map(({ nodeName }) => nodeName))('writes our manifests and files of the kubelet on %s', (name) => {
    const node = nodes.find(({ nodeName }) => nodeName === name) as ClusterNode;
    const { files, manifests } = nodeFiles(node, templates, '');
    const ours = new Map([...files, ...manifests].map(({ path, content }) => [`${name}/root${path}`, content]));
    const theirs = new Map([...entries('cluster')].filter(([path]) => writtenByKubeadm(path, name)));
    // Programs of ours that kubeadm knows nothing of are in none of its files.
    const common = new Map([...ours].filter(([path]) => writtenByKubeadm(path, name) && !/registry|proxy/.test(path)));
    expect([...common.keys()].sort()).toEqual([...theirs.keys()].sort());
    expect(compareEntries(theirs, common).map(renderDifference)).toEqual([]);
    expect(common.size).toBe(node.roles.includes('control-plane') ? 7 : 3);
  });

  it('uploads the configuration that we would upload', () => {
    const data = (name: string) =>
      parse(entries('cluster').get(`cp1/sent/ConfigMap.kube-system.${name}.yaml`) ?? '').data;
    expect(data('kubeadm-config').ClusterConfiguration).toBe(renderYaml(clusterConfiguration(cluster)));
    expect(data('kubelet-config').kubelet).toBe(renderYaml(kubeletClusterConfiguration(cluster)));
  });

  it(`leads the apiserver of a control plane that is no member to all of etcd's members (${minor})`, () => {
    const path = '/etc/kubernetes/manifests/kube-apiserver.yaml';
    const [ours] = nodeFiles(apart, templates, '').manifests.filter((file) => file.path === path);
    expect(ours?.content).toContain('--etcd-servers=https://10.0.0.11:2379,https://10.0.0.12:2379\n');
    expect(entries('apart').get(`cp1/root${path}`)).toBe(ours?.content);
  });

  function entries(name: string): Entries {
    return made.get(name) ?? new Map();
  }
});

function writtenByKubeadm(path: string, host: string): boolean {
  return [`${host}/root/etc/kubernetes/manifests/`, `${host}/root/var/lib/kubelet/`].some((start) =>
    path.startsWith(start),
  );
}

function settings(version: string): ClusterSettings {
  const tag = `v${version}`;
  const { images } = clusterSettings();
  const [etcd = '', pause = ''] =
    { 36: ['3.6.8-0', '3.10.2'], 35: ['3.6.6-0', '3.10.1'], 34: ['3.6.5-0', '3.10.1'] }[minorOf(version)] ?? [];
  return clusterSettings({
    ...everySetting,
    // Real etcd runs in the sandbox, and need not say so much.
    debug: false,
    kubernetesVersion: version,
    kubernetesMinor: minorOf(version),
    controlPlaneEndpoint: ENDPOINT,
    extraSans: { apiserver: ['api.example.com'] },
    controlPlaneAddresses: [ADDRESSES.cp1, ADDRESSES.cp2],
    etcdAddresses: [ADDRESSES.cp1, ADDRESSES.cp2],
    images: {
      ...images,
      apiserver: `registry.k8s.io/kube-apiserver:${tag}`,
      controllerManager: `registry.k8s.io/kube-controller-manager:${tag}`,
      scheduler: `registry.k8s.io/kube-scheduler:${tag}`,
      etcd: `registry.k8s.io/etcd:${etcd}`,
      pause: `registry.k8s.io/pause:${pause}`,
    },
  });
}

function nodesOf(cluster: ClusterSettings): readonly ClusterNode[] {
  const worker = workerNode({
    advertiseAddress: ADDRESSES.w1,
    cluster,
    host: hostFacts({ hostname: 'w1', cpus: 2, memoryBytes: 3 * 1024 ** 3, certificateDirectories }),
  });
  return [controlPlane('cp1', cluster), controlPlane('cp2', cluster, ['cp1']), worker];
}

function controlPlane(name: 'cp1' | 'cp2', cluster: ClusterSettings, before: readonly 'cp1'[] = []): ClusterNode {
  const initialCluster = [...before, name].map((member) => ({ name: member, peerUrl: peerUrl(ADDRESSES[member]) }));
  return clusterNode({
    nodeName: name,
    advertiseAddress: ADDRESSES[name],
    roles: ['control-plane', 'etcd'],
    cluster,
    host: hostFacts({ hostname: name, certificateDirectories }),
    etcd: { initialCluster, state: before.length > 0 ? 'existing' : 'new' },
  });
}

function configuration(name: string, [first, ...others]: readonly ClusterNode[]): OracleConfiguration {
  if (first === undefined) throw new Error('a cluster has a first node');
  return { name, shows: 'our own configuration', run: ['etcd'], hosts: [initHost(first), ...others.map(joinHost)] };
}

function initHost(node: ClusterNode): OracleHost {
  const init = initConfiguration({
    ...nodeFields(node),
    localAPIEndpoint: { advertiseAddress: node.advertiseAddress },
    certificateKey: CERTIFICATE_KEY,
  });
  const documents = [
    init,
    clusterConfiguration(node.cluster) as Document,
    kubeletClusterConfiguration(node.cluster) as Document,
  ];
  return { name: node.nodeName, arguments: ['--upload-certs'], documents, files: patchesOf(node) };
}

function joinHost(node: ClusterNode): OracleHost {
  const localAPIEndpoint = { advertiseAddress: node.advertiseAddress };
  const controlPlaneFields = node.roles.includes('control-plane') && {
    controlPlane: { certificateKey: CERTIFICATE_KEY, localAPIEndpoint },
  };
  const documents = [joinConfiguration(ENDPOINT, { ...nodeFields(node), ...controlPlaneFields })];
  return { name: node.nodeName, documents, files: patchesOf(node) };
}

function nodeFields(node: ClusterNode): object {
  const kubeletExtraArgs = kubeletFlagAdditions(node).map(({ name, value }) => ({ name, value }));
  return { nodeRegistration: { kubeletExtraArgs }, patches: { directory: PATCHES_DIRECTORY } };
}

function patchesOf(node: ClusterNode): Readonly<Record<string, string>> {
  return Object.fromEntries(kubeadmPatches(node).map(({ path, content }) => [path, content]));
}
