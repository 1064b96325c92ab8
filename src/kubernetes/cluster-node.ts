import type { ClusterSettings } from './cluster-settings.ts';
import type { NodeRole } from './node-role.ts';
import type { PkiNode } from './pki/pki-node.ts';

/** All that the files of one node follow from. It is a {@link PkiNode} too. */
export interface ClusterNode extends PkiNode {
  readonly nodeName: string;
  readonly advertiseAddress: string;
  readonly roles: readonly NodeRole[];
  readonly cluster: ClusterSettings;
  readonly host: HostFacts;
  /** Only of nodes with the role `etcd`. */
  readonly etcd?: EtcdMembership;
}

/** What was read from the host. */
export interface HostFacts {
  /** The host's own name, in lower case. */
  readonly hostname: string;
  /** Processors that pods may be given. */
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Which of {@link certificateDirectories} the host has. */
  readonly certificateDirectories: readonly string[];
  /** Whether the service systemd-resolved is active. */
  readonly systemdResolved: boolean;
}

/**
 * How a member came into its etcd cluster. etcd reads it only when its data directory is empty, so it stays as it was then: what
 * stands in the manifest of a node is a fact, not to be made anew when members come and go.
 */
interface EtcdMembership {
  /** In the order of etcd's list, this member included; the first member of a new cluster is alone. */
  readonly initialCluster: readonly EtcdMember[];
  readonly state: 'new' | 'existing';
}

interface EtcdMember {
  readonly name: string;
  /** `https://ADDRESS:2380` */
  readonly peerUrl: string;
}

/** Where distributions keep the authorities that they trust: kubeadm mounts those that a host has, since /etc/ssl/certs may link there. */
export const certificateDirectories = [
  '/etc/pki/ca-trust',
  '/etc/pki/tls/certs',
  '/etc/ca-certificates',
  '/usr/share/ca-certificates',
  '/usr/local/share/ca-certificates',
] as const;
