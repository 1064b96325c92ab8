/** Chains of kube-proxy and the kubelet, and of Calico. */
const OURS = /^(?:KUBE-|cali-)/;
/** Chains that the plugin for ports of hosts makes for each container, and those that all its users share. */
const OF_PORTS = /^CNI-DN-/;
const OF_ALL_PORTS = /^CNI-HOSTPORT-/;
/** Calico's network, as its configuration calls it. */
const NETWORK = 'k8s-pod-network';

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
  const all = lines.flatMap((line) => /^:(\S+)/.exec(line)?.[1] ?? []);
  const rules = lines.flatMap((line) => readRule(line) ?? []);
  const ports = new Set(rules.filter(({ text }) => text.includes(NETWORK)).map(({ target }) => target));
  const sharesPorts = all.some((name) => OF_PORTS.test(name) && !ports.has(name));
  const isOurs = (name: string) =>
    OURS.test(name) || (OF_PORTS.test(name) && ports.has(name)) || (OF_ALL_PORTS.test(name) && !sharesPorts);
  const chains = all.filter(isOurs);
  const leading = rules.filter(
    ({ chain, target, text }) => !isOurs(chain) && (isOurs(target) || /--comment "?cali:/.test(text)),
  );
  return [
    ...leading.map(({ text }) => text.replace(/^-A /, '-D ')),
    ...chains.map((name) => `-F ${name}`),
    ...chains.map((name) => `-X ${name}`),
  ];
}

/** `-A CHAIN … -j TARGET`, with or without counters before. */
function readRule(line: string) {
  const text = line.replace(/^\[\d+:\d+\] /, '');
  const [, chain] = /^-A (\S+)/.exec(text) ?? [];
  if (chain === undefined) return undefined;
  const [, target = ''] = / -[jg] (\S+)/.exec(text) ?? [];
  return { chain, target, text };
}
