import type { Host } from '../../hosts/host.ts';

/** Of some names, those of users or groups of this host. */
export async function existingUsers(host: Host, names: readonly string[]): Promise<readonly string[]> {
  const there = new Set([...(await namesIn(host, 'passwd')), ...(await namesIn(host, 'group'))]);
  return names.filter((name) => there.has(name));
}

/** Names in the host's own files, not in a directory service. */
export async function namesIn(host: Host, database: 'passwd' | 'group'): Promise<ReadonlySet<string>> {
  const text = (await host.files.read(`/etc/${database}`)) ?? '';
  return new Set([...text.matchAll(/^([^:\n]+):/gm)].map(([, name = '']) => name));
}
