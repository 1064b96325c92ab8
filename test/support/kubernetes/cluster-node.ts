import { type ClusterNode, certificateDirectories, type HostFacts } from '../../../src/kubernetes/cluster-node.ts';
import { type ClusterSettings, ETCD_DATA_DIRECTORY } from '../../../src/kubernetes/cluster-settings.ts';
import { peerUrl } from '../../../src/kubernetes/static-pods/etcd.ts';
import { pkiCluster, pkiNode } from '../pki/nodes.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;

/** A cluster of one control plane, with every default. */
export function clusterSettings(changes: Partial<ClusterSettings> = {}): ClusterSettings {
  return {
    ...pkiCluster(),
    controlPlaneEndpoint: '10.78.0.11:6443',
    kubernetesVersion: '1.36.3',
    podSubnets: ['10.233.0.0/16'],
    images: {
      repository: 'registry.k8s.io',
      apiserver: 'registry.k8s.io/kube-apiserver:v1.36.3',
      controllerManager: 'registry.k8s.io/kube-controller-manager:v1.36.3',
      scheduler: 'registry.k8s.io/kube-scheduler:v1.36.3',
      etcd: 'registry.k8s.io/etcd:3.6.8-0',
      kubeProxy: 'registry.k8s.io/kube-proxy:v1.36.3',
      coredns: 'registry.k8s.io/coredns/coredns:v1.14.2',
      pause: 'registry.k8s.io/pause:3.10.2',
      nginx: `docker.io/library/nginx@${DIGEST}`,
    },
    controlPlaneAddresses: ['10.78.0.11'],
    etcdAddresses: ['10.78.0.11'],
    etcdDataDirectory: ETCD_DATA_DIRECTORY,
    secretsEncryption: 'secretbox',
    featureGates: {},
    oidc: undefined,
    terminatedPodGcThreshold: 500,
    maxPods: undefined,
    allowCgroupV1: false,
    nodePortSubnets: ['10.79.0.0/24'],
    conntrackMaxPerCore: undefined,
    coreDns: {
      replicas: 2,
      hostForward: true,
      antiAffinity: { soft: [{ topologyKey: 'kubernetes.io/hostname', weight: 1 }], hard: [] },
    },
    debug: false,
    ...changes,
  };
}

/** Everything that a configuration can add. */
export const everySetting: Partial<ClusterSettings> = {
  featureGates: { WatchList: false, MutatingAdmissionPolicy: true },
  oidc: {
    issuerUrl: 'https://login.example.com',
    clientId: 'kubernetes',
    caFile: '/etc/metalk8s/oidc-ca.crt',
    usernameClaim: 'email',
    groupsClaim: 'groups',
  },
  terminatedPodGcThreshold: 0,
  maxPods: 200,
  allowCgroupV1: true,
  nodePortSubnets: ['10.79.0.0/24', '10.80.0.0/24'],
  conntrackMaxPerCore: 0,
  coreDns: { replicas: 5, hostForward: false, antiAffinity: { soft: [], hard: [{ topologyKey: 'rack' }] } },
  debug: true,
};

/** The first node of {@link clusterSettings}: control plane and member of etcd. */
export function clusterNode(changes: Partial<ClusterNode> = {}): ClusterNode {
  const { cluster, ...node } = pkiNode();
  return {
    ...node,
    cluster: clusterSettings(),
    host: hostFacts(),
    etcd: { initialCluster: [{ name: 'cp1', peerUrl: peerUrl(node.advertiseAddress) }], state: 'new' },
    ...changes,
  };
}

/** A node with neither control plane nor etcd. */
export function workerNode(changes: Partial<ClusterNode> = {}): ClusterNode {
  const { etcd, ...node } = clusterNode();
  return {
    ...node,
    nodeName: 'w1',
    advertiseAddress: '10.78.0.21',
    roles: ['workload'],
    host: hostFacts({ hostname: 'w1' }),
    ...changes,
  };
}

export function hostFacts(changes: Partial<HostFacts> = {}): HostFacts {
  return {
    hostname: 'cp1',
    cpus: 4,
    memoryBytes: 16 * 1024 ** 3,
    certificateDirectories: certificateDirectories.filter((path) => path.startsWith('/etc/pki/')),
    systemdResolved: false,
    ...changes,
  };
}
