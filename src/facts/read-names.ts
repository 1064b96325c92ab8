import type { NetworkFacts } from './observed-host.ts';

/** Reads /etc/resolv.conf, see resolv.conf(5): of `search` and `domain`, the last one counts. */
export function readResolver(text: string | null): Pick<NetworkFacts, 'nameServers' | 'searchDomains'> {
  if (text === null) return { nameServers: null, searchDomains: [] };
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const search = lines.findLast(([word]) => word === 'search' || word === 'domain') ?? [];
  return {
    nameServers: lines.flatMap(([word, server]) => (word === 'nameserver' && server !== undefined ? [server] : [])),
    searchDomains: search.slice(1),
  };
}

/** Reads what `getent ahostsv4 NAME` printed: each address once. */
export function readHostAddresses(text: string | null): readonly string[] {
  return [...new Set([...(text ?? '').matchAll(/^(\d[\d.]*)\s/gm)].map(([, address = '']) => address))];
}
