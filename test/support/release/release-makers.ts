import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFiles } from '../cache.ts';

/** Hash of the programs that make releases: when one changes, releases are put together anew from what is cached of them. */
export async function makersHash(): Promise<string> {
  const entries = await readdir(import.meta.dirname, { recursive: true, withFileTypes: true });
  const sources = entries.filter((entry) => entry.isFile() && /(?<!\.test)\.ts$/.test(entry.name));
  return hashFiles(sources.map((entry) => join(entry.parentPath, entry.name)).sort());
}
