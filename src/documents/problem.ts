import type { LineCounter } from 'yaml';
import type { Finding } from './finding.ts';
import { formatPath, type Path, pathKey } from './path.ts';
import type { Place } from './place.ts';

/** A finding before it has its place in the file. */
export type Problem = {
  readonly severity: 'error' | 'warning';
  readonly rule: string;
  readonly path: Path;
  /** Whether the key is at fault rather than its value. */
  readonly atKey?: boolean;
  /** Where it is, when that is not where the path leads. */
  readonly offset?: number;
  readonly message: string;
};

export type Places = {
  readonly places: ReadonlyMap<string, Place>;
  readonly lines: LineCounter;
  readonly start: number;
};

/** Gives a problem its line and column: those of the value or key, or of the nearest thing around it that stands in the file. */
export function locate(problem: Problem, { places, lines, start }: Places): Finding {
  const { severity, rule, path, message } = problem;
  const offset = problem.offset ?? offsetOf(problem, places) ?? offsetAround(path, places, start);
  const { line, col } = lines.linePos(offset);
  return { severity, rule, path: formatPath(path), line, column: col, message };
}

function offsetOf({ path, atKey }: Problem, places: ReadonlyMap<string, Place>): number | undefined {
  const place = places.get(pathKey(path));
  return atKey ? (place?.key ?? place?.value) : place?.value;
}

function offsetAround(path: Path, places: ReadonlyMap<string, Place>, start: number): number {
  for (let length = path.length - 1; length > 0; length -= 1) {
    const place = places.get(pathKey(path.slice(0, length)));
    if (place) return place.key ?? place.value;
  }
  return start;
}
