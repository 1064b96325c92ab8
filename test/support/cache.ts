import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/** Receives one line of progress at a time. */
export type Report = (line: string) => void;

/** How a cached directory is made, and everything its content depends on. */
export interface Recipe {
  /** Short name, the readable part of the cache entry's folder name. */
  readonly name: string;
  /** Plain JSON data; two recipes with equal name and inputs share one entry. */
  readonly inputs: unknown;
  /** How many entries of that name there may be, those used last; all that were used in the last two weeks when not given. */
  readonly keep?: number;
  /** Fills the empty directory it is given. On a throw nothing is kept. */
  make(directory: string, report: Report): Promise<void>;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const UNUSED_ENTRY_DAYS = 14;

/** The folder of all entries: `$METALK8S_TEST_CACHE`, else `metalk8s-test` in the user's cache folder. */
export function cacheRoot(): string {
  const chosen = process.env.METALK8S_TEST_CACHE;
  if (chosen) return chosen;
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'metalk8s-test');
}

/**
 * Returns the directory of a recipe, made when it is not there yet.
 * Two processes asking for the same entry make it once; a killed maker leaves only a partial folder that the next one removes.
 */
export async function cached(recipe: Recipe, report: Report): Promise<string> {
  const directory = entryDirectory(recipe);
  if (await isDirectory(directory)) return markUsed(directory);
  const release = await lock(`${directory}.lock`, report);
  try {
    if (await isDirectory(directory)) return directory;
    const partial = `${directory}.partial`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial);
    try {
      await recipe.make(partial, report);
      await rename(partial, directory);
      // A recipe that unpacks something may have left an old date on its folder.
      await markUsed(directory);
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw error;
    }
    await dropUnused(recipe);
    return directory;
  } finally {
    await release();
  }
}

/** SHA-256 (hex) over the contents of files, in the given order: an input for recipes that depend on files. */
export async function hashFiles(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) {
    const content = await readFile(path);
    hash.update(`${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

function entryDirectory(recipe: Recipe): string {
  const key = createHash('sha256')
    .update(JSON.stringify([recipe.name, recipe.inputs]))
    .digest('hex');
  return join(cacheRoot(), `${recipe.name}-${key.slice(0, 16)}`);
}

async function lock(path: string, report: Report): Promise<() => Promise<void>> {
  await mkdir(cacheRoot(), { recursive: true });
  const own = JSON.stringify(await ownIdentity());
  for (let tries = 0; ; tries++) {
    try {
      await writeFile(path, own, { flag: 'wx' });
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (await holderIsGone(path)) {
      await rm(path, { force: true });
      continue;
    }
    if (tries === 0) report(`waiting for another process that holds ${path}`);
    await sleep(500);
  }
}

/** An unreadable or half-written lock counts as held for a few seconds, so that its writer can finish. */
async function holderIsGone(path: string): Promise<boolean> {
  try {
    return !(await isAlive(JSON.parse(await readFile(path, 'utf8')) as ProcessIdentity));
  } catch {
    const info = await stat(path).catch(() => undefined);
    return info !== undefined && Date.now() - info.mtimeMs > 5000;
  }
}

async function markUsed(directory: string): Promise<string> {
  const now = new Date();
  await utimes(directory, now, now);
  return directory;
}

async function dropUnused({ name, keep = Number.POSITIVE_INFINITY }: Recipe): Promise<void> {
  const names = (await readdir(cacheRoot())).filter((entry) => new RegExp(`^${name}-[0-9a-f]{16}$`).test(entry));
  const entries = await Promise.all(
    names.map(async (entry) => {
      const path = join(cacheRoot(), entry);
      // One that another process has dropped meanwhile counts as old.
      return { path, usedMs: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 };
    }),
  );
  const newestFirst = entries.toSorted((one, other) => other.usedMs - one.usedMs);
  for (const [index, { path, usedMs }] of newestFirst.entries()) {
    if (index < keep && Date.now() - usedMs <= UNUSED_ENTRY_DAYS * DAY_MS) continue;
    await rm(path, { recursive: true, force: true });
  }
}

async function isDirectory(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info?.isDirectory() ?? false;
}
