/** What a node is for; kept as `node-role.kubernetes.io/*` labels. `bootstrap`: the first control plane, which runs the CLI. */
export type NodeRole = 'control-plane' | 'etcd' | 'infra' | 'workload' | 'bootstrap';
