/** What the kernel of every node has to be built with: containers are kept apart and limited by it. Without `CONFIG_`. */
export const nodeKernelOptions = [
  'CFS_BANDWIDTH',
  'CGROUPS',
  'CGROUP_PIDS',
  'CGROUP_SCHED',
  'CPUSETS',
  'FAIR_GROUP_SCHED',
  'INET',
  'IPC_NS',
  'MEMCG',
  'NAMESPACES',
  'NET_NS',
  'PID_NS',
  'PROC_FS',
  'SECCOMP',
  'SECCOMP_FILTER',
  'UTS_NS',
] as const;

/** With cgroup v2 the kernel is told by eBPF which devices a container may use. */
export const nodeKernelOptionsV2 = ['CGROUP_BPF'] as const;

/** Modules by which kube-proxy has packets filtered, changed and sent on. */
export const networkModules = [
  'br_netfilter',
  'nf_conntrack',
  'nf_nat',
  'veth',
  'xt_comment',
  'xt_conntrack',
  'xt_mark',
] as const;

/** Those that Calico needs beside them. */
export const calicoModules = [
  'ip_set',
  'ip_set_hash_ip',
  'ip_set_hash_net',
  'vxlan',
  'xt_multiport',
  'xt_set',
] as const;
