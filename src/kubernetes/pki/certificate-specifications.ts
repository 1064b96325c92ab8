import type { NodeRole } from '../node-role.ts';
import { type AlternativeNames, alternativeNames } from './alternative-names.ts';
import { kubernetesServiceAddress } from './kubernetes-service-address.ts';
import { endpointHost, type PkiCluster, type PkiNode } from './pki-node.ts';
import type {
  Addition,
  AuthorityReference,
  AuthoritySpecification,
  CertificateProfile,
  CertificateSpecification,
  ExtendedKeyUsage,
  FileSpecification,
  LeafSpecification,
} from './specification.ts';

export const PKI_DIRECTORY = '/etc/kubernetes/pki';
const KUBELET_PKI_DIRECTORY = '/var/lib/kubelet/pki';
const OWN_PKI_DIRECTORY = '/etc/metalk8s/pki';
const BACKDATE_MINUTES = 5;

/** One row of the tables below. */
interface Leaf {
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

/** What kubeadm has: the three authorities, by its names. */
const authorities = {
  ca: { path: `${PKI_DIRECTORY}/ca`, commonName: 'kubernetes' },
  'front-proxy-ca': { path: `${PKI_DIRECTORY}/front-proxy-ca`, commonName: 'front-proxy-ca' },
  'etcd-ca': { path: `${PKI_DIRECTORY}/etcd/ca`, commonName: 'etcd-ca' },
} as const;

type AuthorityName = keyof typeof authorities;

/** What kubeadm has: the leaves, in the order in which it makes them. */
const baseline: readonly Leaf[] = [
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
const additions: readonly Leaf[] = [
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

/**
 * Every certificate of a node, authorities first. A control plane holds all three authorities with their keys, as kubeadm's
 * stacked control planes do; other nodes hold the certificates that they trust, and their leaves are issued from a control plane.
 * Throws a RangeError when an address, name or subnet of the node is none.
 */
export function certificateSpecifications(node: PkiNode): readonly CertificateSpecification[] {
  const leaves = [...baseline, ...additions].filter(({ role }) => role === undefined || node.roles.includes(role));
  return [...authoritiesOf(node), ...leaves.map((leaf) => leafSpecification(leaf, node))];
}

/** Value of `apiServer.certSANs` in kubeadm's configuration: our additions, then what the user asks for. */
export function apiserverCertSans(cluster: PkiCluster): readonly string[] {
  return [loopbackOfApiserver.value, ...(cluster.extraSans.apiserver ?? [])];
}

/** Where a leaf's issuer is found on the host that issues. */
export function authorityReference(name: AuthorityName): AuthorityReference {
  const { path } = authorities[name];
  return { name, certificatePath: `${path}.crt`, keyPath: `${path}.key` };
}

/** Profile of a client certificate, whether in files of its own or within a kubeconfig. */
export function clientProfile(
  cluster: PkiCluster,
  subject: { commonName: string; organizations: readonly string[] },
): CertificateProfile {
  return leafProfile(cluster, { ...subject, ...alternativeNames([]), extendedKeyUsages: ['clientAuth'] });
}

/** A file of root's; 0600 unless all may read it. */
export function rootFile(path: string, mode: 0o600 | 0o644 = 0o600): FileSpecification {
  return { path, mode, uid: 0, gid: 0 };
}

function authoritiesOf({ roles, cluster }: PkiNode): AuthoritySpecification[] {
  const issues = roles.includes('control-plane');
  const trusted: readonly AuthorityName[] = roles.includes('etcd') ? ['ca', 'etcd-ca'] : ['ca'];
  const held = issues ? (['ca', 'front-proxy-ca', 'etcd-ca'] as const) : trusted;
  return held.map((name) => authoritySpecification(name, { issues, cluster }));
}

function authoritySpecification(
  name: AuthorityName,
  { issues, cluster }: { issues: boolean; cluster: PkiCluster },
): AuthoritySpecification {
  const { path, commonName } = authorities[name];
  return {
    kind: 'authority',
    name,
    certificate: rootFile(`${path}.crt`, 0o644),
    key: issues ? rootFile(`${path}.key`) : undefined,
    profile: {
      commonName,
      organizations: [],
      ...alternativeNames([commonName]),
      keyUsages: ['digitalSignature', 'keyEncipherment', 'keyCertSign'],
      extendedKeyUsages: [],
      validityDays: cluster.authorityValidityDays,
      backdateMinutes: BACKDATE_MINUTES,
      keyAlgorithm: cluster.keyAlgorithm,
    },
  };
}

function leafSpecification(leaf: Leaf, node: PkiNode): LeafSpecification {
  return {
    kind: 'leaf',
    name: leaf.name,
    certificate: rootFile(`${leaf.path}.crt`, 0o644),
    key: rootFile(`${leaf.path}.key`),
    issuer: authorityReference(leaf.authority),
    profile: leafProfile(node.cluster, {
      commonName: leaf.commonName(node),
      organizations: leaf.organizations?.(node) ?? [],
      ...alternativeNames(leaf.names?.(node) ?? []),
      extendedKeyUsages: leaf.usages,
    }),
    additions: leaf.additions?.(node) ?? [],
  };
}

function leafProfile(
  { validityDays, keyAlgorithm }: PkiCluster,
  content: AlternativeNames & Pick<CertificateProfile, 'commonName' | 'organizations' | 'extendedKeyUsages'>,
): CertificateProfile {
  return {
    commonName: content.commonName,
    organizations: content.organizations,
    dnsNames: content.dnsNames,
    ipAddresses: content.ipAddresses,
    keyUsages: ['digitalSignature', 'keyEncipherment'],
    extendedKeyUsages: content.extendedKeyUsages,
    validityDays,
    backdateMinutes: BACKDATE_MINUTES,
    keyAlgorithm,
  };
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
