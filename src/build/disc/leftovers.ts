import { lstat, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ownMark, stateOf } from '../process-mark.ts';
import type { Output } from './examine-output.ts';

/**
 * Names of what a run puts beside its output before it is whole. They begin with a dot and tell which process they belong to, so that what a
 * killed run has left is known, and cleared by the next one.
 */
export interface TemporaryNames {
  readonly image: string;
  readonly record: string;
  readonly parts: string;
  /** Where an old directory waits while the new one takes its place. */
  readonly replaced: string;
}

const PARTIAL = '.metalk8s-partial-';
const REPLACED = '.metalk8s-replaced-';
const MARK = /^([0-9a-f]{12}-\d+-\d+-\d+)\.(.+)$/;
const DAY_MS = 24 * 60 * 60 * 1000;

export async function temporaryNames({ directory, path }: Pick<Output, 'directory' | 'path'>): Promise<TemporaryNames> {
  const mark = await ownMark();
  const partial = (kind: string) => join(directory, `${PARTIAL}${mark}.${kind}`);
  return {
    image: partial('iso'),
    record: partial('json'),
    parts: partial('parts'),
    replaced: join(directory, `${REPLACED}${mark}.${basename(path)}`),
  };
}

/**
 * Removes what dead runs of this user left in a directory, and puts back an output that one of them had moved aside. Gives what it did, a
 * line each.
 */
export async function clearLeftovers(directory: string): Promise<string[]> {
  const done: string[] = [];
  for (const name of await readdir(directory)) {
    const prefix = [PARTIAL, REPLACED].find((known) => name.startsWith(known));
    const [, mark = '', rest = ''] = MARK.exec(name.slice(prefix?.length)) ?? [];
    const path = join(directory, name);
    if (prefix === undefined || mark === '' || !(await isOurs(path)) || !(await isAbandoned(path, mark))) continue;
    const output = join(directory, rest);
    if (prefix === REPLACED && (await isMissing(output))) {
      await rename(path, output);
      done.push(`put back ${output}, which a run that was killed had moved aside`);
    } else {
      await rm(path, { recursive: true, force: true });
      done.push(`removed ${path}, which a run that was killed had left`);
    }
  }
  return done;
}

/** In a folder that many write to, such as `/tmp`, a name tells nothing. */
async function isOurs(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.uid === process.getuid?.();
}

/** Of a process that cannot be seen from here, what nobody has written to for a day. */
async function isAbandoned(path: string, mark: string): Promise<boolean> {
  const state = await stateOf(mark);
  if (state !== 'unknown') return state === 'dead';
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > DAY_MS;
}

async function isMissing(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) === undefined;
}
