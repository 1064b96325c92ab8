import type { Administrator } from './gathered-facts.ts';

const ROOT: Administrator = { name: 'root', group: 'root', home: '/root' };

/** Of whoever was asked about: the line of `getent passwd`, and the name of the group. Root, when the host does not know them. */
export function readAdministrator([entry, group]: readonly string[]): Administrator {
  const [name, , , , , home] = entry?.split(':') ?? [];
  if (!name || !group || !home?.startsWith('/')) return ROOT;
  return { name, group, home };
}
