import { parseAllDocuments } from 'yaml';
import type { ClusterNode } from '../../../src/kubernetes/cluster-node.ts';
import { type ClusterSettings, minorOf } from '../../../src/kubernetes/cluster-settings.ts';
import { pkiDefaults } from '../../../src/kubernetes/pki/pki-node.ts';
import type { ComponentAddition } from '../../../src/kubernetes/static-pods/component.ts';
import { peerUrl } from '../../../src/kubernetes/static-pods/etcd.ts';
import type { EnvironmentVariable, HostPathType } from '../../../src/kubernetes/static-pods/pod.ts';
import type { GoldenConfiguration } from '../kubeadm/golden-configuration.ts';
import { oracleVersion } from '../kubeadm/versions.ts';
import { clusterSettings, hostFacts } from './cluster-node.ts';

/** What kubeadm takes when neither its configuration nor ours says so: the address of the default route. */
const DEFAULT_ADDRESS = '10.0.0.11';
/** Which images kubeadm runs beside Kubernetes' own is for the release list to say. */
const OTHER_TAGS: Readonly<Record<string, { etcd: string; coredns: string; pause: string }>> = {
  '1.36': { etcd: '3.6.8-0', coredns: 'v1.14.2', pause: '3.10.2' },
  '1.35': { etcd: '3.6.6-0', coredns: 'v1.13.1', pause: '3.10.1' },
  '1.34': { etcd: '3.6.5-0', coredns: 'v1.12.1', pause: '3.10.1' },
};

/** kubeadm's words for additions to one component. */
export interface Extensions {
  readonly extraArgs?: readonly { readonly name: string; readonly value: string }[];
  readonly extraEnvs?: readonly EnvironmentVariable[];
  readonly extraVolumes?: readonly {
    readonly name: string;
    readonly hostPath: string;
    readonly readOnly?: boolean;
    readonly pathType?: HostPathType;
  }[];
}

export type ComponentField = 'apiServer' | 'controllerManager' | 'scheduler' | 'etcd';

/** Our words for what kubeadm was told of one host of a golden configuration, with further settings of ours. */
export function goldenNode(
  golden: GoldenConfiguration,
  { minor, host, settings }: { minor: string; host: string; settings: Partial<ClusterSettings> },
): ClusterNode {
  const own = ownDocument(golden, host);
  const isControlPlane = own.kind === 'InitConfiguration' || own.controlPlane !== undefined;
  const members = controlPlanesUpTo(golden, host);
  const nodeName = nodeNameOf(golden, host);
  return {
    nodeName,
    advertiseAddress: addressOf(golden, host),
    roles: isControlPlane ? ['control-plane', 'etcd'] : ['workload'],
    cluster: goldenSettings(golden, { minor, settings }),
    host: hostFacts({
      hostname: host,
      certificateDirectories: ['/usr/share/ca-certificates', '/usr/local/share/ca-certificates'],
    }),
    ...(isControlPlane && {
      etcd: {
        initialCluster: members.map((name) => ({
          name: nodeNameOf(golden, name),
          peerUrl: peerUrl(addressOf(golden, name)),
        })),
        state: members.length > 1 ? 'existing' : 'new',
      },
    }),
  };
}

/** What kubeadm was told to add to a component. */
export function goldenExtensions(golden: GoldenConfiguration, field: ComponentField): Extensions {
  const configuration = clusterDocument(golden);
  return (field === 'etcd' ? configuration.etcd?.local : configuration[field]) ?? {};
}

/** The same, in our words. */
export function additionsOf({ extraArgs = [], extraEnvs = [], extraVolumes = [] }: Extensions): ComponentAddition[] {
  const reason = 'kubeadm was told so';
  return [
    ...extraArgs.map((argument) => ({ adds: 'argument', ...argument, reason }) as const),
    ...extraEnvs.map((variable) => ({ adds: 'environment', variable, reason }) as const),
    ...extraVolumes.map(({ name, hostPath, readOnly = false, pathType = '' }) => {
      return { adds: 'volume', volume: { name, path: hostPath, type: pathType, readOnly }, reason } as const;
    }),
  ];
}

/** kubeadm's ClusterConfiguration, as it was told. */
// biome-ignore lint/suspicious/noExplicitAny: kubeadm's documents are read where their fields are known
export function clusterDocument(golden: GoldenConfiguration): Record<string, any> {
  const first = golden.hosts.find(({ config }) => config.includes('kind: ClusterConfiguration'));
  return documents(first?.config ?? '').find(({ kind }) => kind === 'ClusterConfiguration') ?? {};
}

/** The host's own document: of init or of join. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export function ownDocument(golden: GoldenConfiguration, host: string): Record<string, any> {
  return documents(golden.host(host).config).find(({ kind }) => /^(?:Init|Join)Configuration$/.test(kind)) ?? {};
}

// biome-ignore lint/suspicious/noExplicitAny: as above
function documents(text: string): Record<string, any>[] {
  return parseAllDocuments(text).map((document) => document.toJS());
}

function goldenSettings(
  golden: GoldenConfiguration,
  { minor, settings }: { minor: string; settings: Partial<ClusterSettings> },
): ClusterSettings {
  const told = clusterDocument(golden);
  const { version } = oracleVersion(minor);
  const repository: string = told.imageRepository ?? 'registry.k8s.io';
  const ofKubernetes = (name: string) => `${repository}/${name}:v${version}`;
  const others = OTHER_TAGS[minor];
  const { podSubnet } = told.networking ?? {};
  const defaults = clusterSettings();
  return {
    ...defaults,
    kubernetesVersion: version,
    kubernetesMinor: minorOf(version),
    clusterName: told.clusterName ?? pkiDefaults.clusterName,
    controlPlaneEndpoint: told.controlPlaneEndpoint ?? `${addressOf(golden, golden.hosts[0]?.name ?? '')}:6443`,
    podSubnets: podSubnet === undefined ? [] : [podSubnet],
    serviceSubnets: [told.networking?.serviceSubnet ?? '10.96.0.0/12'],
    dnsDomain: told.networking?.dnsDomain ?? pkiDefaults.dnsDomain,
    keyAlgorithm: told.encryptionAlgorithm ?? pkiDefaults.keyAlgorithm,
    extraSans: {
      apiserver: told.apiServer?.certSANs ?? [],
      etcdServer: told.etcd?.local?.serverCertSANs ?? [],
      etcdPeer: told.etcd?.local?.peerCertSANs ?? [],
    },
    etcdDataDirectory: told.etcd?.local?.dataDir ?? defaults.etcdDataDirectory,
    images: {
      ...defaults.images,
      repository,
      apiserver: ofKubernetes('kube-apiserver'),
      controllerManager: ofKubernetes('kube-controller-manager'),
      scheduler: ofKubernetes('kube-scheduler'),
      etcd: `${repository}/etcd:${others?.etcd}`,
      kubeProxy: ofKubernetes('kube-proxy'),
      // Where images come from another registry, kubeadm expects all of them in one folder.
      coredns: `${repository}${told.imageRepository === undefined ? '/coredns' : ''}/coredns:${others?.coredns}`,
      pause: `${repository}/pause:${others?.pause}`,
    },
    ...settings,
  };
}

function addressOf(golden: GoldenConfiguration, host: string): string {
  const own = ownDocument(golden, host);
  return (own.controlPlane ?? own).localAPIEndpoint?.advertiseAddress ?? DEFAULT_ADDRESS;
}

function nodeNameOf(golden: GoldenConfiguration, host: string): string {
  return ownDocument(golden, host).nodeRegistration?.name ?? host;
}

function controlPlanesUpTo(golden: GoldenConfiguration, host: string): string[] {
  const names = golden.hosts.map(({ name }) => name).filter((name) => name <= host);
  return names.filter((name) => {
    const own = ownDocument(golden, name);
    return own.kind === 'InitConfiguration' || own.controlPlane !== undefined;
  });
}
