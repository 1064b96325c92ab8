import { posix } from 'node:path';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { localFileStore } from '../hosts/local-file-store.ts';
import { isRecord } from '../values/is-record.ts';
import { mergePossessions } from './merge-possessions.ts';
import type { Possession, Possessions } from './possessions.ts';

export const POSSESSIONS_FILE = '/var/lib/metalk8s/possessions.json';

/** Possessions in a file of this host that only root reads. Throws a `STEP_FAILED` for a file that is not one of ours. */
export async function filePossessions(path: string): Promise<Possessions> {
  let entries = parse(path, await localFileStore.read(path));
  let last = Promise.resolve();
  const write = async (added: readonly Possession[]) => {
    const next = mergePossessions(entries, added);
    if (next === entries) return;
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

function parse(path: string, text: string | undefined): readonly Possession[] {
  if (text === undefined) return [];
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw damaged(path, cause);
  }
  if (!isRecord(content)) throw damaged(path, new Error('it is no object'));
  const { apiVersion, entries } = content;
  // Another version may have its entries under another name.
  if (typeof apiVersion === 'string' && apiVersion !== API_VERSION)
    throw ofAnotherProgram(path, `version ${apiVersion}, and not ${API_VERSION}`);
  if (apiVersion !== API_VERSION || !Array.isArray(entries))
    throw damaged(path, new Error('it has no list of entries'));
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
  'filter-tables-before': ({ tables }) => isListOfTexts(tables),
  path: ({ path }) => isAbsolutePath(path),
  file: ({ path, before, ours, placed }) =>
    isAbsolutePath(path) &&
    typeof ours === 'string' &&
    typeof placed === 'boolean' &&
    (before === null || (isRecord(before) && isFormer(before))),
  user: ({ name }) => typeof name === 'string',
  'kernel-setting': ({ name, before }) => typeof name === 'string' && typeof before === 'string',
};

function isFormer({ type, copy, target, mode, uid, gid }: Readonly<Record<string, unknown>>): boolean {
  if (type === 'file') return isAbsolutePath(copy) && [mode, uid, gid].every(Number.isSafeInteger);
  return type === 'link' && typeof target === 'string' && [uid, gid].every(Number.isSafeInteger);
}

function isAbsolutePath(value: unknown): boolean {
  return typeof value === 'string' && posix.isAbsolute(value);
}

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
