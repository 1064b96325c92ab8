import { executablePaths } from '../disc/paths.ts';
import type { Sum } from '../disc/sums.ts';

/** Files of an archive that are the same but for their names, and what a file system needs to keep of them: one file. */
export interface EqualFiles {
  readonly sha256: string;
  /** Permission bits. */
  readonly mode: number;
  /** The first, and the others. */
  readonly paths: readonly [string, ...string[]];
}

const FILE = 0o444;
const PROGRAM = 0o555;

/** The files of an archive, those of equal content and mode together, in the order in which each content is listed first. */
export function equalFiles(sums: readonly Sum[]): EqualFiles[] {
  const found = new Map<string, EqualFiles>();
  for (const { path, sha256 } of sums) {
    const mode = executablePaths.has(path) ? PROGRAM : FILE;
    const known = found.get(`${sha256} ${mode}`);
    found.set(`${sha256} ${mode}`, { sha256, mode, paths: known === undefined ? [path] : [...known.paths, path] });
  }
  return [...found.values()];
}
