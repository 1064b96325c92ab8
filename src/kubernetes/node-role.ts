/** What a node is for; kept as `node-role.kubernetes.io/*` labels. `bootstrap`: the first control plane, which runs the CLI. */
export type NodeRole = 'control-plane' | 'etcd' | 'infra' | 'workload' | 'bootstrap';

/** What the first node of every cluster is. */
export const firstNodeRoles = ['bootstrap', 'control-plane', 'etcd', 'infra'] as const satisfies readonly NodeRole[];
