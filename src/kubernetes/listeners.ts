import type { NodeRole } from './node-role.ts';

/** Where something listens: on the node's address of a plane, or on 127.0.0.1. */
type ListenAddress = 'control-plane' | 'workload-plane' | 'loopback';

export interface Listener {
  /** What listens. */
  readonly component: string;
  /** What is had there. */
  readonly serves: string;
  readonly addresses: readonly ListenAddress[];
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /** Nodes that have it; undefined: every node. */
  readonly role: NodeRole | undefined;
  /** Only with this network plugin. */
  readonly cni?: 'calico';
}

/**
 * Everything that listens on a node, the one table of it: components take their ports from here, and preflight, the firewall's
 * documentation and the tests read it.
 */
export const listeners = {
  apiserver: {
    component: 'kube-apiserver',
    serves: 'Kubernetes API',
    addresses: ['control-plane'],
    port: 6443,
    protocol: 'tcp',
    role: 'control-plane',
  },
  controllerManager: {
    component: 'kube-controller-manager',
    serves: 'health and metrics',
    addresses: ['loopback'],
    port: 10257,
    protocol: 'tcp',
    role: 'control-plane',
  },
  scheduler: {
    component: 'kube-scheduler',
    serves: 'health and metrics',
    addresses: ['loopback'],
    port: 10259,
    protocol: 'tcp',
    role: 'control-plane',
  },
  etcdClients: {
    component: 'etcd',
    serves: 'clients',
    addresses: ['control-plane', 'loopback'],
    port: 2379,
    protocol: 'tcp',
    role: 'etcd',
  },
  etcdPeers: {
    component: 'etcd',
    serves: 'other members',
    addresses: ['control-plane'],
    port: 2380,
    protocol: 'tcp',
    role: 'etcd',
  },
  etcdMetrics: {
    component: 'etcd',
    serves: 'health and metrics',
    addresses: ['loopback'],
    port: 2381,
    protocol: 'tcp',
    role: 'etcd',
  },
  registry: {
    component: 'registry',
    serves: 'images and packages',
    addresses: ['control-plane'],
    port: 5000,
    protocol: 'tcp',
    role: 'control-plane',
  },
  apiserverProxy: {
    component: 'apiserver-proxy',
    serves: 'Kubernetes API of any control plane',
    addresses: ['loopback'],
    port: 7443,
    protocol: 'tcp',
    role: undefined,
  },
  apiserverProxyHealth: {
    component: 'apiserver-proxy',
    serves: 'health',
    addresses: ['loopback'],
    port: 7444,
    protocol: 'tcp',
    role: undefined,
  },
  kubelet: {
    component: 'kubelet',
    serves: 'kubelet API',
    addresses: ['control-plane'],
    port: 10250,
    protocol: 'tcp',
    role: undefined,
  },
  kubeletHealth: {
    component: 'kubelet',
    serves: 'health',
    addresses: ['loopback'],
    port: 10248,
    protocol: 'tcp',
    role: undefined,
  },
  containerdStreams: {
    component: 'containerd',
    serves: 'exec, attach and port-forward, to the kubelet',
    addresses: ['loopback'],
    port: 10010,
    protocol: 'tcp',
    role: undefined,
  },
  kubeProxyHealth: {
    component: 'kube-proxy',
    serves: 'health',
    addresses: ['control-plane'],
    port: 10256,
    protocol: 'tcp',
    role: undefined,
  },
  kubeProxyMetrics: {
    component: 'kube-proxy',
    serves: 'metrics',
    addresses: ['loopback'],
    port: 10249,
    protocol: 'tcp',
    role: undefined,
  },
  calicoHealth: {
    component: 'calico-node',
    serves: 'health',
    addresses: ['loopback'],
    port: 9099,
    protocol: 'tcp',
    role: undefined,
    cni: 'calico',
  },
  calicoVxlan: {
    component: 'calico-node',
    serves: 'pods of other nodes (VXLAN)',
    addresses: ['workload-plane'],
    port: 4789,
    protocol: 'udp',
    role: undefined,
    cni: 'calico',
  },
} as const satisfies Readonly<Record<string, Listener>>;

/** What of a node decides on what it listens. */
export interface ListeningNode {
  readonly roles: readonly NodeRole[];
  readonly controlPlaneAddress: string;
  readonly workloadPlaneAddress: string;
  readonly cni: 'calico' | 'none';
}

/** A listener of one node: something holds this port of this address. */
export interface NodeListener {
  readonly component: string;
  readonly serves: string;
  readonly address: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

export const LOOPBACK = '127.0.0.1';

/** The table, for one node. */
export function listenersOf(node: ListeningNode): readonly NodeListener[] {
  const addresses: Readonly<Record<ListenAddress, string>> = {
    'control-plane': node.controlPlaneAddress,
    'workload-plane': node.workloadPlaneAddress,
    loopback: LOOPBACK,
  };
  const rows: readonly Listener[] = Object.values(listeners);
  return rows
    .filter(({ role }) => role === undefined || node.roles.includes(role))
    .filter(({ cni }) => cni === undefined || cni === node.cni)
    .flatMap(({ component, serves, port, protocol, addresses: planes }) =>
      planes.map((plane) => ({ component, serves, address: addresses[plane], port, protocol })),
    );
}
