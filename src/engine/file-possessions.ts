import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { localFileStore } from '../hosts/local-file-store.ts';
import { canonicalJson } from '../plan/canonical-json.ts';
import type { Possession, Possessions } from './possessions.ts';

export const POSSESSIONS_FILE = '/var/lib/metalk8s/possessions.json';

/** Possessions in a file of this host that only root reads. Throws a `STEP_FAILED` for a file that is not one of ours. */
export async function filePossessions(path: string): Promise<Possessions> {
  let entries = parse(path, await localFileStore.read(path));
  let last = Promise.resolve();
  const write = async (added: readonly Possession[]) => {
    const next = merged(entries, added);
    if (next.length === entries.length) return;
    const content = `${JSON.stringify({ apiVersion: API_VERSION, kind: 'Possessions', entries: next }, null, 1)}\n`;
    await localFileStore.writeAtomic([{ path, content, mode: 0o600, uid: ours.uid, gid: ours.gid }]);
    entries = next;
  };
  return {
    list: () => entries,
    add(added) {
      const written = last.then(() => write(added));
      last = written.catch(() => {});
      return written;
    },
  };
}

const API_VERSION = 'metalk8s.scality.com/v1alpha1';
const ours = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };

function merged(entries: readonly Possession[], added: readonly Possession[]): readonly Possession[] {
  const byKey = new Map(entries.map((entry) => [keyOf(entry), entry]));
  for (const entry of added) if (!byKey.has(keyOf(entry))) byKey.set(keyOf(entry), entry);
  return [...byKey.values()];
}

/** Of entries with the same key the first one counts. */
function keyOf(entry: Possession): string {
  switch (entry.what) {
    case 'packages-before':
    case 'rpm-keys-before':
      return entry.what;
    case 'kernel-setting':
      return `${entry.what} ${entry.name}`;
    case 'path':
    case 'user':
      return canonicalJson(entry);
  }
}

const kinds: ReadonlySet<string> = new Set<Possession['what']>([
  'packages-before',
  'rpm-keys-before',
  'path',
  'user',
  'kernel-setting',
]);

function parse(path: string, text: string | undefined): readonly Possession[] {
  if (text === undefined) return [];
  try {
    const { apiVersion, entries } = JSON.parse(text);
    if (apiVersion === API_VERSION && Array.isArray(entries) && entries.every(({ what }) => kinds.has(what))) {
      return entries;
    }
    throw new Error(`it is not one of version ${API_VERSION}`);
  } catch (cause) {
    throw new MetalK8sError('STEP_FAILED', 'the file that says what this host had before cannot be read', {
      where: path,
      hint: 'Put it back from a backup. Without it, reset cannot tell what was there before.',
      cause,
    });
  }
}
