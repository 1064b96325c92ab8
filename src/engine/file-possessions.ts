import { posix } from 'node:path';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { localFileStore } from '../hosts/local-file-store.ts';
import { isRecord } from '../pki/is-record.ts';
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
      // Whoever added it is told; those after it have their own turn.
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
    case 'file-before':
      return `${entry.what} ${entry.path}`;
    case 'path':
    case 'user':
      return canonicalJson(entry);
  }
}

function parse(path: string, text: string | undefined): readonly Possession[] {
  if (text === undefined) return [];
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw damaged(path, cause);
  }
  if (!isRecord(content) || !Array.isArray(content.entries))
    throw damaged(path, new Error('it has no list of entries'));
  const { apiVersion, entries } = content;
  if (apiVersion !== API_VERSION) throw ofAnotherProgram(path, `version ${String(apiVersion)}, and not ${API_VERSION}`);
  for (const [index, entry] of entries.entries()) {
    const fault = () => damaged(path, new Error(`its entry ${index + 1} is not whole`));
    if (!isRecord(entry) || typeof entry.what !== 'string') throw fault();
    const { what } = entry;
    if (!Object.hasOwn(shapes, what)) throw ofAnotherProgram(path, `entries of kind ${what}`);
    if (!shapes[what as Possession['what']](entry)) throw fault();
  }
  return entries;
}

/** What an entry of each kind has to have. */
const shapes: Readonly<Record<Possession['what'], (entry: Readonly<Record<string, unknown>>) => boolean>> = {
  'packages-before': ({ packages }) => isListOfTexts(packages),
  'rpm-keys-before': ({ keys }) => isListOfTexts(keys),
  path: ({ path }) => typeof path === 'string' && posix.isAbsolute(path),
  'file-before': ({ path, mode, uid, gid }) =>
    typeof path === 'string' && posix.isAbsolute(path) && [mode, uid, gid].every(Number.isSafeInteger),
  user: ({ name }) => typeof name === 'string',
  'kernel-setting': ({ name, before }) => typeof name === 'string' && typeof before === 'string',
};

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function damaged(where: string, cause: unknown): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', 'the file that says what this host had before cannot be read', {
    where,
    hint: 'Put it back from a backup. Without it, reset cannot tell what was there before.',
    cause,
  });
}

function ofAnotherProgram(where: string, what: string): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', `the file that says what this host had before has ${what}`, {
    where,
    hint: 'A program of another version wrote it. Run that one.',
  });
}
