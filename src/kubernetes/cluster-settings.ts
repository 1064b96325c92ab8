import type { EffectiveConfiguration } from '../config/configuration.types.ts';
import type { LockedImage } from '../release/lock.ts';
import { type KubernetesImages, kubernetesImages } from './kubernetes-images.ts';
import { listeners } from './listeners.ts';
import { type PkiCluster, pkiDefaults } from './pki/pki-node.ts';
import type { EncryptionProvider } from './pki/specification.ts';

/** What all nodes of a cluster have in common. */
export interface ClusterSettings extends PkiCluster {
  /** Without `v`, `1.36.3`. */
  readonly kubernetesVersion: string;
  readonly podSubnets: readonly string[];
  readonly images: KubernetesImages;
  /** Control-plane addresses of all control planes, the order of which means nothing. At least one. */
  readonly controlPlaneAddresses: readonly string[];
  /** Control-plane addresses of all etcd members. */
  readonly etcdAddresses: readonly string[];
  readonly etcdDataDirectory: string;
  readonly secretsEncryption: EncryptionProvider;
  /** Of kube-apiserver. */
  readonly featureGates: Readonly<Record<string, boolean>>;
  readonly oidc: OidcSettings | undefined;
  readonly terminatedPodGcThreshold: number;
  /** Undefined: the kubelet's own default. */
  readonly maxPods: number | undefined;
  readonly allowCgroupV1: boolean;
  /** Where kube-proxy opens the ports of Services of type NodePort: on addresses of a node in these CIDRs. */
  readonly nodePortSubnets: readonly string[];
  /** Connections that kube-proxy has the kernel track, per processor; 0: it leaves the host's limit alone; undefined: its own default. */
  readonly conntrackMaxPerCore: number | undefined;
  readonly coreDns: CoreDnsSettings;
  /** Whether components log more than usual. */
  readonly debug: boolean;
}

export interface CoreDnsSettings {
  readonly replicas: number;
  /** Whether names outside the cluster are asked of the host's own servers. */
  readonly hostForward: boolean;
  /** How replicas are kept apart: where possible, and always. */
  readonly antiAffinity: {
    readonly soft: readonly { readonly topologyKey: string; readonly weight: number }[];
    readonly hard: readonly { readonly topologyKey: string }[];
  };
}

/** How tokens of an OpenID Connect provider are accepted. */
export interface OidcSettings {
  readonly issuerUrl: string;
  readonly clientId: string;
  /** Absolute path on the control-plane hosts. */
  readonly caFile?: string;
  readonly usernameClaim?: string;
  readonly groupsClaim?: string;
}

export const ETCD_DATA_DIRECTORY = '/var/lib/etcd';

/** What settings follow from beside the configuration. */
export interface ClusterInputs {
  /** Of the release: its Kubernetes version without `v`, and its images. */
  readonly kubernetes: string;
  readonly images: readonly Pick<LockedImage, 'reference' | 'digest'>[];
  /** Control-plane addresses of the control planes; the first is that of the first node. */
  readonly controlPlaneAddresses: readonly string[];
  readonly etcdAddresses: readonly string[];
}

/**
 * The settings of a cluster. Without an endpoint in the configuration it is the first control plane's address and the usual port.
 * Throws a `RELEASE_INVALID` when an image that every cluster needs is not in the release.
 */
export function clusterSettings(configuration: EffectiveConfiguration, inputs: ClusterInputs): ClusterSettings {
  const { networks, kubernetes, debug } = configuration;
  const [firstAddress = ''] = inputs.controlPlaneAddresses;
  return {
    ...pkiDefaults,
    kubernetesVersion: inputs.kubernetes,
    kubernetesMinor: minorOf(inputs.kubernetes),
    controlPlaneEndpoint: networks.controlPlane.endpoint ?? `${firstAddress}:${listeners.apiserver.port}`,
    podSubnets: networks.pods,
    serviceSubnets: networks.services,
    keyAlgorithm: kubernetes.certificates.keyAlgorithm,
    images: kubernetesImages(inputs.images, inputs.kubernetes),
    controlPlaneAddresses: inputs.controlPlaneAddresses,
    etcdAddresses: inputs.etcdAddresses,
    etcdDataDirectory: ETCD_DATA_DIRECTORY,
    secretsEncryption: kubernetes.secretsEncryption,
    featureGates: kubernetes.apiServer.featureGates,
    oidc: oidcSettings(kubernetes.apiServer.oidc),
    terminatedPodGcThreshold: kubernetes.controllerManager.config.terminatedPodGCThreshold,
    maxPods: kubernetes.kubelet.config?.maxPods,
    allowCgroupV1: kubernetes.kubelet.allowCgroupV1,
    nodePortSubnets: networks.nodeport.cidr,
    conntrackMaxPerCore: kubernetes.kubeProxy?.config?.conntrack?.maxPerCore,
    coreDns: coreDnsSettings(kubernetes.coreDNS),
    debug,
  };
}

/** 36 of `1.36.3`. */
export function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

function coreDnsSettings({
  replicas,
  hostForward,
  affinity,
}: EffectiveConfiguration['kubernetes']['coreDNS']): CoreDnsSettings {
  return { replicas, hostForward, antiAffinity: affinity.podAntiAffinity };
}

function oidcSettings(given: EffectiveConfiguration['kubernetes']['apiServer']['oidc']): OidcSettings | undefined {
  if (given?.issuerURL === undefined || given.clientID === undefined) return undefined;
  return {
    issuerUrl: given.issuerURL,
    clientId: given.clientID,
    ...(given.CAFile !== undefined && { caFile: given.CAFile }),
    ...(given.usernameClaim !== undefined && { usernameClaim: given.usernameClaim }),
    ...(given.groupsClaim !== undefined && { groupsClaim: given.groupsClaim }),
  };
}
