import type { NodeRole } from '../node-role.ts';
import { type AuthorityName, PKI_DIRECTORY } from './authorities.ts';
import { kubernetesServiceAddress } from './kubernetes-service-address.ts';
import { endpointHost, type PkiCluster, type PkiNode } from './pki-node.ts';
import type { Addition, ExtendedKeyUsage } from './specification.ts';

const KUBELET_PKI_DIRECTORY = '/var/lib/kubelet/pki';
const OWN_PKI_DIRECTORY = '/etc/metalk8s/pki';

/** A certificate that an authority issues to nodes: one row of the tables below. */
export interface Leaf {
  readonly name: string;
  /** The files without `.crt` and `.key`. */
  readonly path: string;
  readonly authority: AuthorityName;
  /** Nodes that have it; undefined: every node. */
  readonly role: NodeRole | undefined;
  readonly usages: readonly ExtendedKeyUsage[];
  readonly commonName: (node: PkiNode) => string;
  readonly organizations?: (node: PkiNode) => readonly string[];
  readonly names?: (node: PkiNode) => readonly string[];
  readonly additions?: (node: PkiNode) => readonly Addition[];
}

/** What kubeadm has: the leaves, in the order in which it makes them. */
export const baseline: readonly Leaf[] = [
  {
    name: 'apiserver',
    path: `${PKI_DIRECTORY}/apiserver`,
    authority: 'ca',
    role: 'control-plane',
    usages: ['serverAuth'],
    commonName: () => 'kube-apiserver',
    names: apiserverNames,
    additions: () => [loopbackOfApiserver],
  },
  {
    ...clientOf('ca', 'apiserver-kubelet-client', 'kube-apiserver-kubelet-client'),
    // Since 1.36 its rights come from a ClusterRoleBinding for its name, which has to be there before the certificate is made anew.
    organizations: ({ cluster }) => (cluster.kubernetesMinor < 36 ? ['kubeadm:cluster-admins'] : []),
  },
  clientOf('front-proxy-ca', 'front-proxy-client', 'front-proxy-client'),
  {
    name: 'etcd-server',
    path: `${PKI_DIRECTORY}/etcd/server`,
    authority: 'etcd-ca',
    role: 'etcd',
    usages: ['serverAuth', 'clientAuth'],
    commonName: ({ nodeName }) => nodeName,
    names: (node) => etcdNames(node, node.cluster.extraSans.etcdServer),
  },
  {
    name: 'etcd-peer',
    path: `${PKI_DIRECTORY}/etcd/peer`,
    authority: 'etcd-ca',
    role: 'etcd',
    usages: ['serverAuth', 'clientAuth'],
    commonName: ({ nodeName }) => nodeName,
    names: (node) => etcdNames(node, node.cluster.extraSans.etcdPeer),
  },
  {
    name: 'etcd-healthcheck-client',
    path: `${PKI_DIRECTORY}/etcd/healthcheck-client`,
    authority: 'etcd-ca',
    role: 'etcd',
    usages: ['clientAuth'],
    commonName: () => 'kube-etcd-healthcheck-client',
  },
  clientOf('etcd-ca', 'apiserver-etcd-client', 'kube-apiserver-etcd-client'),
];

/** What we add to a leaf of kubeadm's. It stands in kubeadm's configuration too: see {@link apiserverCertSans}. */
const loopbackOfApiserver: Addition = {
  adds: 'ip-address',
  value: '127.0.0.1',
  reason: 'kubelets and kube-proxy reach an apiserver through the apiserver-proxy of their own node, by this address',
};

/** What we add beside kubeadm's leaves. */
export const additions: readonly Leaf[] = [
  {
    name: 'kubelet-server',
    path: `${KUBELET_PKI_DIRECTORY}/kubelet`,
    authority: 'ca',
    role: undefined,
    usages: ['serverAuth'],
    commonName: ({ nodeName }) => `system:node:${nodeName}`,
    organizations: () => ['system:nodes'],
    names: ({ nodeName, advertiseAddress, cluster }) => [
      nodeName,
      advertiseAddress,
      ...(cluster.extraSans.kubelet ?? []),
    ],
    additions: () => [
      {
        adds: 'file',
        value: `${KUBELET_PKI_DIRECTORY}/kubelet`,
        reason: 'without it the kubelet signs its own certificate, and the apiserver cannot tell whom it talks to',
      },
    ],
  },
  {
    name: 'registry',
    path: `${OWN_PKI_DIRECTORY}/registry`,
    authority: 'ca',
    role: 'control-plane',
    usages: ['serverAuth'],
    commonName: () => 'metalk8s-registry',
    names: ({ nodeName, advertiseAddress, cluster }) => [
      nodeName,
      advertiseAddress,
      ...(cluster.extraSans.registry ?? []),
    ],
    additions: () => [
      {
        adds: 'file',
        value: `${OWN_PKI_DIRECTORY}/registry`,
        reason: 'images and packages are served to all nodes over HTTPS, under the authority that they trust already',
      },
    ],
  },
];

/** Value of `apiServer.certSANs` in kubeadm's configuration: our additions, then what the user asks for. */
export function apiserverCertSans(cluster: PkiCluster): readonly string[] {
  return [loopbackOfApiserver.value, ...(cluster.extraSans.apiserver ?? [])];
}

/** A client certificate of the apiserver's. */
function clientOf(authority: AuthorityName, name: string, commonName: string): Leaf {
  return {
    name,
    path: `${PKI_DIRECTORY}/${name}`,
    authority,
    role: 'control-plane',
    usages: ['clientAuth'],
    commonName: () => commonName,
  };
}

function apiserverNames({ nodeName, advertiseAddress, cluster }: PkiNode): string[] {
  return [
    nodeName,
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    `kubernetes.default.svc.${cluster.dnsDomain}`,
    kubernetesServiceAddress(cluster.serviceSubnets),
    advertiseAddress,
    endpointHost(cluster.controlPlaneEndpoint),
    ...apiserverCertSans(cluster),
  ];
}

function etcdNames({ nodeName, advertiseAddress }: PkiNode, extra: readonly string[] = []): string[] {
  return [nodeName, 'localhost', advertiseAddress, '127.0.0.1', '::1', ...extra];
}
