import type { NodeRole } from '../node-role.ts';

/** What says of a Node, by the API, what it is. */
export interface NodeMarks {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
}

interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
  readonly [field: string]: unknown;
}

/** A node as it is declared. */
export interface DeclaredNode {
  readonly roles: readonly NodeRole[];
  /** Product version, `136.0.0`; undefined: a node that we do not run. */
  readonly version: string | undefined;
  /** How it is reached; undefined: it is not, or is the machine that the CLI runs on. */
  readonly ssh: SshMarks | undefined;
}

interface SshMarks {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly sudo: boolean;
  /** Pinned fingerprint, `SHA256:…`. */
  readonly hostKey: string;
}

const PREFIX = 'metalk8s.scality.com/';
const ROLE_PREFIX = 'node-role.kubernetes.io/';
/** On nodes that we run: others were joined by kubeadm. */
export const VERSION_LABEL = `${PREFIX}version`;
/** On nodes whose apiserver-proxy is a static pod. The kubelet registers with it, so that no pod of the DaemonSet is ever made for them. */
export const PROXY_LABEL = { name: `${PREFIX}apiserver-proxy`, value: 'static-pod' } as const;

/** Lets pods of the infrastructure onto nodes that are for nothing else. */
export const infraToleration = { key: `${ROLE_PREFIX}infra`, effect: 'NoSchedule' } as const;

/**
 * Roles that keep pods of users away, in this order: a node has the taint of the first of its roles alone, and none with the role
 * `workload`. So a control plane has exactly the taint that kubeadm gives it, whatever else it is.
 */
const TAINTING: readonly NodeRole[] = ['control-plane', 'infra', 'etcd'];

/** The labels, annotations and taints of a node: kubeadm's of a control plane, and ours. */
export function nodeMarks({ roles, version, ssh }: DeclaredNode): NodeMarks {
  const tainting = roles.includes('workload') ? undefined : TAINTING.find((role) => roles.includes(role));
  return {
    labels: {
      ...Object.fromEntries(roles.map((role) => [`${ROLE_PREFIX}${role}`, ''])),
      // kubeadm's, since a control plane is no place for users' traffic.
      ...(roles.includes('control-plane') && { 'node.kubernetes.io/exclude-from-external-load-balancers': '' }),
      ...(version !== undefined && { [VERSION_LABEL]: version, [PROXY_LABEL.name]: PROXY_LABEL.value }),
    },
    annotations: ssh === undefined ? {} : sshAnnotations(ssh),
    taints: tainting === undefined ? [] : [{ key: `${ROLE_PREFIX}${tainting}`, effect: 'NoSchedule' }],
  };
}

/** Roles by names of labels, sorted. */
export function rolesOf(labels: readonly string[]): readonly string[] {
  return labels.flatMap((name) => (name.startsWith(ROLE_PREFIX) ? [name.slice(ROLE_PREFIX.length)] : [])).sort();
}

/** The body of a strategic merge patch of a Node. */
export interface NodePatch {
  readonly metadata: {
    /** Null: the label goes. */
    readonly labels: Readonly<Record<string, string | null>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly taints: readonly Taint[] };
}

/**
 * What makes a Node have its marks. The API takes the list of taints as a whole, so they cannot be applied: those that are no role's stay
 * as they are. Labels and taints of roles that the node has no longer go. `present`: the Node's own, as read.
 */
export function nodePatch(marks: NodeMarks, present: Pick<NodeMarks, 'labels' | 'taints'>): NodePatch {
  const isOurs = ({ key }: Taint) => TAINTING.some((role) => key === `${ROLE_PREFIX}${role}`);
  const taints = [...present.taints.filter((taint) => !isOurs(taint)), ...marks.taints];
  const gone = Object.keys(present.labels).filter((name) => name.startsWith(ROLE_PREFIX) && !(name in marks.labels));
  const same = (one: readonly Taint[], other: readonly Taint[]) => texts(one) === texts(other);
  return {
    metadata: {
      labels: { ...marks.labels, ...Object.fromEntries(gone.map((name) => [name, null])) },
      ...(Object.keys(marks.annotations).length > 0 && { annotations: marks.annotations }),
    },
    ...(!same(taints, present.taints) && { spec: { taints } }),
  };
}

function texts(taints: readonly Taint[]): string {
  return taints
    .map(({ key, value = '', effect }) => JSON.stringify([key, value, effect]))
    .sort()
    .join();
}

function sshAnnotations({ host, port, user, sudo, hostKey }: SshMarks): Readonly<Record<string, string>> {
  return {
    [`${PREFIX}ssh-host`]: host,
    [`${PREFIX}ssh-port`]: String(port),
    [`${PREFIX}ssh-user`]: user,
    [`${PREFIX}ssh-sudo`]: String(sudo),
    [`${PREFIX}ssh-host-key`]: hostKey,
  };
}
