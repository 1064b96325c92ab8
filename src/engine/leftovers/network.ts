import type { Host } from '../../hosts/host.ts';
import { removalOf } from './filter-rules.ts';
import { tryRun } from './try-run.ts';

/** What Kubernetes and Calico have in the kernel's network. */
export interface NetworkLeftovers {
  readonly interfaces: readonly string[];
  /** For each program that reads rules, what the one that writes them has to be told. */
  readonly rules: readonly { readonly program: string; readonly input: string }[];
  /** Sets of addresses. */
  readonly sets: readonly string[];
  /** Tables of nftables: `ip kube-proxy`. */
  readonly tables: readonly string[];
  /** Routes that Calico made and that need no interface: `blackhole 10.233.0.0/26`. */
  readonly routes: readonly string[];
}

/** Both backends of iptables, for it is not the host's own that the cluster's containers use. */
const FILTERS = [
  'iptables',
  'ip6tables',
  'iptables-legacy',
  'ip6tables-legacy',
  'iptables-nft',
  'ip6tables-nft',
] as const;
const INTERFACES = /^(?:cali[0-9a-f]{11}|vxlan(?:-v6)?\.calico|wireguard\.cali)$/;
/** What Felix gives its routes as the protocol that they came by. */
const CALICO_PROTOCOL = '80';

export async function networkLeftovers(host: Host): Promise<NetworkLeftovers> {
  const links = (await tryRun(host, ['ip', '-brief', 'link', 'show'])) ?? '';
  const rules = [];
  for (const program of FILTERS) {
    const input = removalOf((await tryRun(host, [`${program}-save`])) ?? '');
    if (input !== undefined) rules.push({ program, input });
  }
  const sets = (await tryRun(host, ['ipset', 'list', '-name'])) ?? '';
  const tables = (await tryRun(host, ['nft', 'list', 'tables'])) ?? '';
  const routes = (await tryRun(host, ['ip', '-4', 'route', 'show', 'table', 'all', 'proto', CALICO_PROTOCOL])) ?? '';
  return {
    interfaces: [...links.matchAll(/^([^\s@]+)/gm)].flatMap(([, name = '']) => (INTERFACES.test(name) ? [name] : [])),
    rules,
    sets: sets.split('\n').filter((name) => /^(?:cali|KUBE-)/.test(name)),
    tables: [...tables.matchAll(/^table (\S+ (?:kube-proxy|calico))$/gm)].map(([, table = '']) => table),
    routes: [...routes.matchAll(/^(blackhole \S+)/gm)].map(([, route = '']) => route),
  };
}

/** For people, a line for each. */
export function networkLines({ interfaces, rules, sets, tables, routes }: NetworkLeftovers): readonly string[] {
  return [
    ...interfaces.map((name) => `interface ${name}`),
    ...rules.map(({ program }) => `chains of ${program}`),
    ...sets.map((name) => `set ${name}`),
    ...tables.map((name) => `table ${name}`),
    ...routes.map((route) => `route ${route}`),
  ];
}
