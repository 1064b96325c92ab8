/** Chains and tables that Kubernetes, or a network plugin that is known, makes. */
const FOREIGN_CHAIN = /^(?:KUBE-|cali-|CNI-|CNI_|FLANNEL-|WEAVE|CILIUM_|OLD_CILIUM_|ANTREA-|DOCKER|ROMANA-|KUBE_)/;
const FOREIGN_TABLE = /^(?:kube-proxy|calico|antctrl|cilium)/;

/**
 * Reads the lines of `iptables-save` that declare chains, and what `nft list tables` printed: the names of those that are of a cluster, each
 * once. Null: no iptables.
 */
export function readForeignChains(text: string | null): readonly string[] | null {
  if (text === null) return null;
  const names = text.split('\n').flatMap((line) => {
    const chain = /^:(\S+) /.exec(line)?.[1];
    if (chain !== undefined) return FOREIGN_CHAIN.test(chain) ? [chain] : [];
    const table = /^table \w+ (\S+)$/.exec(line)?.[1];
    return table !== undefined && FOREIGN_TABLE.test(table) ? [`table ${table}`] : [];
  });
  return [...new Set(names)];
}
