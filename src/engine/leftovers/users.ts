import type { Host } from '../../hosts/host.ts';

/** Of some names, those of users or groups of this host. */
export async function existingUsers(host: Host, names: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of names) {
    if ((await isIn(host, 'passwd', name)) || (await isIn(host, 'group', name))) found.push(name);
  }
  return found;
}

/** In the host's own files, not in a directory service. */
export async function isIn(host: Host, database: 'passwd' | 'group', name: string): Promise<boolean> {
  const text = (await host.files.read(`/etc/${database}`)) ?? '';
  return text.split('\n').some((line) => line.startsWith(`${name}:`));
}
