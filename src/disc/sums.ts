import { shown } from '../registry/rules.ts';
import { foldersOf, isDiscPath } from './disc-path.ts';
import { discPaths } from './paths.ts';
import { refuse } from './refuse.ts';

export interface Sum {
  /** Below the root of the disc. */
  readonly path: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** What can have no sum among the others. */
const WITHOUT_SUM: ReadonlySet<string> = new Set([discPaths.sums, discPaths.sumsSignature]);
const LINE = /^([0-9a-f]{64}) {2}(.+)$/;

/**
 * `SHA256SUMS` as sha256sum writes and checks it, sorted by bytes: for the same files the same text. Throws a RangeError for a sum, path or
 * pair of paths that a disc cannot have.
 */
export function renderSums(sums: readonly Sum[]): string {
  const sorted = sums.toSorted((left, right) => (left.path < right.path ? -1 : 1));
  const problem = problemOf(sorted);
  if (problem !== undefined) throw new RangeError(problem);
  return sorted.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('');
}

/** Reads what `renderSums` gives, and nothing else. Throws a `VERIFICATION_FAILED` that names the line. */
export function parseSums(text: string, where: string): Sum[] {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length === 0) throw refuse('the list of sums is empty or cut off', where);
  const sums = lines.map((line, index) => {
    const [, sha256 = '', path = ''] = LINE.exec(line) ?? [];
    if (sha256 === '') throw refuse(`${shown(line)} is no line of a list of sums`, `${where}:${index + 1}`);
    return { path, sha256 };
  });
  const problem = problemOf(sums);
  if (problem !== undefined) throw refuse(problem, where);
  return sums;
}

function problemOf(sorted: readonly Sum[]): string | undefined {
  let previous = '';
  for (const { path, sha256 } of sorted) {
    if (!isDiscPath(path)) return `${shown(path)} is no path of a file on a disc`;
    if (WITHOUT_SUM.has(path)) return `${shown(path)} cannot have a sum in the list`;
    if (!/^[0-9a-f]{64}$/.test(sha256)) return `${shown(sha256)} is no SHA-256 sum`;
    if (path === previous) return `${shown(path)} is there twice`;
    if (path < previous) return `${shown(path)} stands after ${shown(previous)}, out of order`;
    previous = path;
  }
  const folders = foldersOf(sorted.map(({ path }) => path));
  const both = sorted.find(({ path }) => folders.has(path));
  return both && `${shown(both.path)} is a file and a folder`;
}
