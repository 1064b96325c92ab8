import { canonicalJson } from '../plan/canonical-json.ts';
import type { Possession } from '../plan/possession.ts';

/**
 * What is noted once more is noted. Of entries of one thing the first one counts, as later ones tell of what we made ourselves; but of files the
 * last one, which tells what became of them. Gives `entries` itself when nothing is new.
 */
export function mergePossessions(entries: readonly Possession[], added: readonly Possession[]): readonly Possession[] {
  const byKey = new Map(entries.map((entry) => [keyOf(entry), entry]));
  let isNew = false;
  for (const entry of added) {
    const known = byKey.get(keyOf(entry));
    if (known !== undefined && (entry.what !== 'file' || canonicalJson(known) === canonicalJson(entry))) continue;
    byKey.set(keyOf(entry), entry);
    isNew = true;
  }
  return isNew ? [...byKey.values()] : entries;
}

function keyOf(entry: Possession): string {
  switch (entry.what) {
    case 'packages-before':
    case 'rpm-keys-before':
    case 'filter-tables-before':
      return entry.what;
    case 'kernel-setting':
      return `${entry.what} ${entry.name}`;
    case 'file':
      return `${entry.what} ${entry.path}`;
    case 'path':
    case 'user':
      return canonicalJson(entry);
  }
}
