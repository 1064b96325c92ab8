import { access, constants, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Finding, sortFindings } from '../documents/finding.ts';
import { invalidDocument, loadDocument } from '../documents/load.ts';
import { effectiveList, effectiveMirrors, lockDocument, mirrorsDocument, releaseDocument } from './document-types.ts';
import { type LocalPath, localPaths } from './local-paths.ts';
import type { Lock } from './lock.ts';
import type { Mirrors } from './mirrors.ts';
import type { Release } from './release.ts';
import type { ReleaseLock } from './release.types.ts';
import { toLock } from './to-lock.ts';
import { toMirrors } from './to-mirrors.ts';
import { chooseComponents, toRelease } from './to-release.ts';

/** A valid release list, and what its user should know. */
export interface LoadedRelease {
  /** With the components that were chosen. */
  readonly release: Release;
  /** With every component of the list. */
  readonly whole: Release;
  readonly warnings: readonly Finding[];
}

/**
 * Reads and checks a release list; without `components` all of them are chosen. Throws RELEASE_INVALID with every finding when it is not valid,
 * USAGE for a component that it does not have.
 */
export async function loadRelease(
  file: string,
  { components }: { readonly components?: readonly string[] | undefined } = {},
): Promise<LoadedRelease> {
  const { value, findings } = await loadDocument(file, releaseDocument);
  const whole = toRelease(effectiveList(value));
  return { whole, release: components === undefined ? whole : chooseComponents(whole, components), warnings: findings };
}

/** Reads and checks a lock. Throws RELEASE_INVALID with every finding when it is not valid. */
export async function loadLock(file: string): Promise<Lock> {
  const { value } = await loadDocument(file, lockDocument);
  return toLock(value as ReleaseLock);
}

/** Reads and checks mirrors. Throws RELEASE_INVALID with every finding when they are not valid, or name a path with nothing fitting there. */
export async function loadMirrors(file: string): Promise<Mirrors> {
  const { value, locate } = await loadDocument(file, mirrorsDocument);
  const directory = dirname(resolve(file));
  const mirrors = effectiveMirrors(value);
  const asked = localPaths(mirrors).map(async (local) => {
    const message = await explainPath(local, directory);
    return message === undefined
      ? []
      : [locate({ severity: 'error', rule: 'no-such-path', path: local.path, message })];
  });
  const findings = (await Promise.all(asked)).flat();
  if (findings.length > 0) throw invalidDocument(file, mirrorsDocument, sortFindings(findings));
  return toMirrors(mirrors, directory);
}

/** What is wrong with what lies at a path; undefined when nothing is. */
async function explainPath({ text, kind }: LocalPath, directory: string): Promise<string | undefined> {
  const path = resolve(directory, text);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return `there is nothing at ${path}`;
  if (kind === 'file' && !found.isFile()) return `${path} is no file`;
  if (kind !== 'file' && !found.isDirectory()) return `${path} is no directory`;
  const readable = await access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
  if (!readable) return `${path} cannot be read by this user`;
  if (kind === 'layout' && !(await exists(join(path, 'index.json')))) {
    return `${path} is no OCI image layout: it has no index.json`;
  }
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
