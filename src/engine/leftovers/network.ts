import type { Host } from '../../hosts/host.ts';
import { removalOf } from './filter-rules.ts';
import { tryRun } from './try-run.ts';

/** What Kubernetes and Calico have in the kernel's network. */
export interface NetworkLeftovers {
  readonly interfaces: readonly string[];
  /** Families of programs by which rules can be seen: `iptables`, `ip6tables-legacy`. Two of them may be the same. */
  readonly filters: readonly string[];
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
    routes: [...routes.matchAll(/^(blackhole \S+)/gm)].map(([, route = '']) => route),
  };
}

/** What a program that writes rules has to be told, as they are now; undefined when none is ours. */
export async function rulesRemoval(host: Host, filter: string): Promise<string | undefined> {
  return removalOf((await tryRun(host, [`${filter}-save`])) ?? '');
}

/** Tables of nftables in which iptables had nothing but its own empty chains that let everything pass: `ip nat`. */
export async function emptyTables(host: Host): Promise<readonly string[]> {
  const listed = (await tryRun(host, ['nft', 'list', 'tables'])) ?? '';
  const names = [...listed.matchAll(/^table (ip6? (?:raw|mangle|nat|filter|security))$/gm)].map(
    ([, name = '']) => name,
  );
  const found: string[] = [];
  for (const name of names) {
    const text = await tryRun(host, ['nft', 'list', 'table', ...name.split(' ')]);
    if (text !== undefined && isEmptyTable(text)) found.push(name);
  }
  return found;
}

/** What `nft list table` prints of it has no rule, no set, and no policy but the one of nothing at all. */
export function isEmptyTable(text: string): boolean {
  const plain = /^\s*(?:#.*|table \S+ \S+ \{|chain \S+ \{|type \S+ hook \S+ priority [^;]+; policy accept;|\})?$/;
  return text.split('\n').every((line) => plain.test(line));
}

/** For people, a line for each. */
export function networkLines({ interfaces, filters, sets, tables, routes }: NetworkLeftovers): readonly string[] {
  return [
    ...interfaces.map((name) => `interface ${name}`),
    ...filters.map((filter) => `chains of ${filter}`),
    ...sets.map((name) => `set ${name}`),
    ...tables.map((name) => `table ${name}`),
    ...routes.map((route) => `route ${route}`),
  ];
}
