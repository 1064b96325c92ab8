import { listeners } from '../listeners.ts';
import type { NodeRole } from '../node-role.ts';
import type { KeyAlgorithm } from './specification.ts';

/** What certificates and kubeconfigs of one node depend on. */
export interface PkiNode {
  readonly nodeName: string;
  /** The node's address on the control plane network, which its apiserver, etcd, kubelet and registry serve on. */
  readonly advertiseAddress: string;
  /** `bootstrap`: the first control plane, the only one with `super-admin.conf`. */
  readonly roles: readonly NodeRole[];
  readonly cluster: PkiCluster;
}

/** What all nodes of a cluster have in common. */
export interface PkiCluster {
  /** 36 for Kubernetes 1.36: kubeadm's certificates differ between versions. */
  readonly kubernetesMinor: number;
  readonly clusterName: string;
  /** host or host:port by which all control planes are reached */
  readonly controlPlaneEndpoint: string;
  readonly serviceSubnets: readonly string[];
  readonly dnsDomain: string;
  readonly keyAlgorithm: KeyAlgorithm;
  readonly extraSans: ExtraSans;
  readonly validityDays: number;
  readonly authorityValidityDays: number;
}

/** Subject alternative names beside those that follow from the node: addresses or DNS names. */
export interface ExtraSans {
  readonly apiserver?: readonly string[];
  readonly etcdServer?: readonly string[];
  readonly etcdPeer?: readonly string[];
  readonly kubelet?: readonly string[];
  readonly registry?: readonly string[];
}

/** kubeadm's own defaults for what a cluster need not say. */
export const pkiDefaults = {
  clusterName: 'kubernetes',
  dnsDomain: 'cluster.local',
  keyAlgorithm: 'RSA-2048',
  extraSans: {},
  validityDays: 365,
  authorityValidityDays: 3650,
} as const;

/** A leaf that ends within so many days is made anew, by any run: a quarter of its life. */
export const RENEW_WITHIN_DAYS = 90;

/** Host of `host`, `host:port` or `[address]:port`. */
export function endpointHost(endpoint: string): string {
  const bracketed = /^\[(.+)\](?::\d+)?$/.exec(endpoint)?.[1];
  return bracketed ?? (endpoint.split(':').length === 2 ? endpoint.replace(/:\d+$/, '') : endpoint);
}

/** `https://host:port`, with the apiserver's usual port where the endpoint names none. */
export function endpointUrl(endpoint: string): string {
  const host = endpointHost(endpoint);
  const port = /(?:^[^:]+|\]):(\d+)$/.exec(endpoint)?.[1] ?? String(listeners.apiserver.port);
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
