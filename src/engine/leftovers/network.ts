import type { Host } from '../../hosts/host.ts';
import type { Possession } from '../possessions.ts';
import { removalOf } from './filter-rules.ts';
import { emptyNewTables } from './filter-tables.ts';
import { tryRun } from './try-run.ts';

/** What Kubernetes and Calico have in the kernel's network. */
export interface NetworkLeftovers {
  readonly interfaces: readonly string[];
  /** Families of programs by which rules can be seen: `iptables`, `ip6tables-legacy`. Two of them may be the same. */
  readonly filters: readonly string[];
  /** Sets of addresses. */
  readonly sets: readonly string[];
  /** Tables of nftables of the cluster's own: `ip kube-proxy`. */
  readonly tables: readonly string[];
  /** Tables of iptables in nftables in which nothing is left, and that were not there before: `ip nat`. */
  readonly emptyTables: readonly string[];
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

/** Looks at a host. `possessions`: what is noted of it. */
export async function networkLeftovers(host: Host, possessions: readonly Possession[]): Promise<NetworkLeftovers> {
  const links = (await tryRun(host, ['ip', '-brief', 'link', 'show'])) ?? '';
  const filters = [];
  for (const filter of FILTERS) if ((await rulesRemoval(host, filter)) !== undefined) filters.push(filter);
  const sets = (await tryRun(host, ['ipset', 'list', '-name'])) ?? '';
  const tables = (await tryRun(host, ['nft', 'list', 'tables'])) ?? '';
  const routes = (await tryRun(host, ['ip', '-4', 'route', 'show', 'table', 'all', 'proto', CALICO_PROTOCOL])) ?? '';
  return {
    interfaces: [...links.matchAll(/^([^\s@]+)/gm)].flatMap(([, name = '']) => (INTERFACES.test(name) ? [name] : [])),
    filters,
    sets: sets.split('\n').filter((name) => /^(?:cali[46]|KUBE-)/.test(name)),
    tables: [...tables.matchAll(/^table (\S+ (?:kube-proxy|calico))$/gm)].map(([, table = '']) => table),
    emptyTables: await emptyNewTables(host, possessions),
    routes: [...routes.matchAll(/^(blackhole \S+)/gm)].map(([, route = '']) => route),
  };
}

/** What a program that writes rules has to be told, as they are now; undefined when none is ours. */
export async function rulesRemoval(host: Host, filter: string): Promise<string | undefined> {
  return removalOf((await tryRun(host, [`${filter}-save`])) ?? '');
}

/** For people, a line for each. */
export function networkLines(leftovers: NetworkLeftovers): readonly string[] {
  const { interfaces, filters, sets, tables, emptyTables, routes } = leftovers;
  return [
    ...interfaces.map((name) => `interface ${name}`),
    ...filters.map((filter) => `chains of ${filter}`),
    ...sets.map((name) => `set ${name}`),
    ...tables.map((name) => `table ${name}`),
    ...emptyTables.map((name) => `empty table ${name}`),
    ...routes.map((route) => `route ${route}`),
  ];
}
