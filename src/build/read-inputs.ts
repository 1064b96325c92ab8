import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatFinding } from '../documents/finding.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { type BuildPlan, buildPlan } from '../release/build-plan.ts';
import { checkAgainstLock, type LockOfFile } from '../release/check-against-lock.ts';
import { loadLock, loadMirrors, loadRelease } from '../release/load.ts';
import { noMirrors } from '../release/mirrors.ts';
import type { Release } from '../release/release.ts';

/** Files that a user names, and what to take of them. */
export interface InputFiles {
  readonly release: string;
  /** Left out: `release.lock.yaml` beside the list, if it is there. */
  readonly lock?: string | undefined;
  readonly mirrors?: string | undefined;
  /** All of them when left out. */
  readonly components?: readonly string[] | undefined;
  /** The lock is going to be written anew: what it holds now does not count. */
  readonly updateLock: boolean;
}

/** What a build starts from. */
export interface BuildInputs {
  readonly release: Release;
  readonly plan: BuildPlan;
  /** Where the lock is, or would be. */
  readonly lockFile: string;
  /** The one to build against. */
  readonly lock?: LockOfFile;
  /** Whether components were left out. */
  readonly partial: boolean;
  /** What the user should know of the list. */
  readonly warnings: readonly string[];
}

/** Reads the release list, its lock and the mirrors, and plans the build. Throws with everything that is wrong with the first bad file. */
export async function readInputs(files: InputFiles): Promise<BuildInputs> {
  if (files.updateLock && files.components !== undefined) {
    throw new MetalK8sError('USAGE', 'a lock pins the whole release list, and --components leaves parts of it out', {
      hint: 'Write the lock without --components; builds with --components take what they need of it.',
    });
  }
  const loaded = await loadRelease(files.release, { components: files.components });
  const mirrors = files.mirrors === undefined ? noMirrors : await loadMirrors(files.mirrors);
  const lockFile = files.lock ?? join(dirname(files.release), 'release.lock.yaml');
  const named = files.lock !== undefined || (await exists(lockFile));
  const lock = named && !files.updateLock ? { lock: await loadLock(lockFile), file: lockFile } : undefined;
  if (lock !== undefined) checkAgainstLock(loaded, lock);
  return {
    release: loaded.release,
    plan: buildPlan(loaded.release, mirrors, lock?.lock),
    lockFile,
    ...(lock !== undefined && { lock }),
    partial: loaded.release.components.length < loaded.whole.components.length,
    warnings: loaded.warnings.map((finding) => formatFinding(finding, files.release)),
  };
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}
