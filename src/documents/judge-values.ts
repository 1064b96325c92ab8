import { checkShape } from './check-shape.ts';
import type { DocumentType } from './document-type.ts';
import { nearest } from './nearest.ts';
import { pathKey } from './path.ts';
import type { Problem } from './problem.ts';
import type { ReadValues } from './read-values.ts';

/** Second and third pass: every problem of values that were read. Replaces booleans of YAML 1.1 in them. */
export function judgeValues({ value, places, misreadings, exhausted }: ReadValues, type: DocumentType): Problem[] {
  if (exhausted) return [];
  const stranger = type.recognise(value);
  if (stranger !== undefined) return [stranger];
  const misread = new Set(misreadings.map(({ path }) => pathKey(path)));
  const problems = checkShape(value, places, type);
  const shape = problems.filter((problem) => problem.rule !== 'missing' || !isExplained(problem, problems, misread));
  const bad = shape.filter(({ severity }) => severity === 'error').map(({ path }) => path);
  if (bad.some((path) => path.length === 0)) return shape;
  return [...shape, ...type.judge(value, bad, places)];
}

/** Whether a missing field is there, but could not be read or is misspelt, which another finding says. */
function isExplained({ path }: Problem, problems: readonly Problem[], misread: ReadonlySet<string>): boolean {
  const parent = pathKey(path.slice(0, -1));
  if (misread.has(pathKey(path)) || misread.has(parent)) return true;
  return problems.some(
    (other) =>
      other.rule === 'unknown-key' &&
      pathKey(other.path.slice(0, -1)) === parent &&
      nearest(String(other.path.at(-1)), [String(path.at(-1))]) !== undefined,
  );
}
