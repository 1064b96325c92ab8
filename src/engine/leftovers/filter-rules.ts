/** Chains of kube-proxy and the kubelet, of Calico, and of the plugin that maps ports of hosts. */
const OURS = /^(?:KUBE-|cali-|CNI-HOSTPORT-|CNI-DN-)/;

/**
 * What iptables-restore, with `--noflush`, has to be told to take our chains and rules out, from what iptables-save printed; undefined when
 * there are none. Rules of others stay, in their order.
 */
export function removalOf(saved: string): string | undefined {
  const tables = [...saved.matchAll(/^\*(\S+)\n([\s\S]*?)^COMMIT$/gm)].flatMap(([, name = '', body = '']) => {
    const lines = removalLines(body.split('\n'));
    return lines.length === 0 ? [] : [`*${name}`, ...lines, 'COMMIT'];
  });
  return tables.length === 0 ? undefined : `${tables.join('\n')}\n`;
}

function removalLines(lines: readonly string[]): readonly string[] {
  const chains = lines.flatMap((line) => /^:(\S+)/.exec(line)?.[1] ?? []).filter((name) => OURS.test(name));
  const rules = lines.filter(isOurRuleOfOthers).map((line) => line.replace(/^(?:\[\d+:\d+\] )?-A /, '-D '));
  return [...rules, ...chains.map((name) => `-F ${name}`), ...chains.map((name) => `-X ${name}`)];
}

/** A rule in a chain that is not ours: it leads to one of ours, or Calico has marked it. */
function isOurRuleOfOthers(line: string): boolean {
  const [, chain] = /^(?:\[\d+:\d+\] )?-A (\S+)/.exec(line) ?? [];
  if (chain === undefined || OURS.test(chain)) return false;
  const [, target = ''] = /(?:^| )-[jg] (\S+)/.exec(line) ?? [];
  return OURS.test(target) || /--comment "?cali:/.test(line);
}
