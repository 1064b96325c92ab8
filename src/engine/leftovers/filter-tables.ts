import type { Host } from '../../hosts/host.ts';
import type { Possession } from '../possessions.ts';
import { tryRun } from './try-run.ts';

/** Tables of nftables that iptables works in, made by it where they were not there, and never removed: `ip nat`. None where there is no `nft`. */
export async function filterTables(host: Host): Promise<readonly string[]> {
  const listed = (await tryRun(host, ['nft', 'list', 'tables'])) ?? '';
  return [...listed.matchAll(/^table (ip6? (?:raw|mangle|nat|filter|security))$/gm)].map(([, name = '']) => name);
}

/** Of those tables the ones that have come since before our first step, and have nothing but chains without a rule that let everything pass. */
export async function emptyNewTables(host: Host, possessions: readonly Possession[]): Promise<readonly string[]> {
  const before = possessions.find(({ what }) => what === 'filter-tables-before');
  if (before?.what !== 'filter-tables-before') return [];
  const found: string[] = [];
  for (const name of await filterTables(host)) {
    if (before.tables.includes(name)) continue;
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
