/** Without `CONFIG_`. A module that newer kernels have another option for has both. */
const table = {
  br_netfilter: ['BRIDGE_NETFILTER'],
  ip_set: ['IP_SET'],
  ip_set_hash_ip: ['IP_SET_HASH_IP'],
  ip_set_hash_net: ['IP_SET_HASH_NET'],
  ip_tables: ['IP_NF_IPTABLES_LEGACY', 'IP_NF_IPTABLES'],
  iptable_filter: ['IP_NF_FILTER'],
  iptable_nat: ['IP_NF_NAT'],
  isofs: ['ISO9660_FS'],
  loop: ['BLK_DEV_LOOP'],
  nf_conntrack: ['NF_CONNTRACK'],
  nf_nat: ['NF_NAT'],
  overlay: ['OVERLAY_FS'],
  veth: ['VETH'],
  vxlan: ['VXLAN'],
  xt_addrtype: ['NETFILTER_XT_MATCH_ADDRTYPE'],
  xt_comment: ['NETFILTER_XT_MATCH_COMMENT'],
  xt_conntrack: ['NETFILTER_XT_MATCH_CONNTRACK'],
  xt_mark: ['NETFILTER_XT_MARK'],
  xt_multiport: ['NETFILTER_XT_MATCH_MULTIPORT'],
  xt_set: ['NETFILTER_XT_SET'],
} as const;

const options: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(table));

/** Options of the kernel's build that make a module. Where a kernel came without a list of what is built in, they tell it. */
export function moduleOptions(module: string): readonly string[] {
  return options.get(module) ?? [];
}
