import { type Path, pathKey, valueAt } from './path.ts';
import type { Place } from './place.ts';
import type { Problem } from './problem.ts';

/** Everything may be missing, because rules are also asked about files with mistakes elsewhere. */
export type Incomplete<T> = T extends readonly (infer Item)[]
  ? readonly (Incomplete<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Incomplete<T[Key]> | undefined }
    : T;

export type RuleProblem = {
  /** The fields that do not go together; the first one that stands in the file is shown. */
  readonly paths: readonly [Path, ...Path[]];
  readonly severity?: 'warning';
  readonly message: string;
};

/** A rule about the values of several fields, or about more of one than its form. Its name is its function's, in kebab case. */
export type Rule<Asked> = { readonly name: string; readonly check: (asked: Asked) => readonly RuleProblem[] };

export function fault(path: Path, message: string): RuleProblem {
  return { paths: [path], message };
}

export function warning(path: Path, message: string): RuleProblem {
  return { paths: [path], severity: 'warning', message };
}

/** What was read: the values, where they stand, and the paths of those whose shape is bad. */
export type Judged = {
  readonly value: unknown;
  readonly bad: readonly Path[];
  readonly places: ReadonlyMap<string, Place>;
};

/** Asks every rule about what has a good shape; a rule's finding that rests on something else is left out. */
export function askRules<Asked>(
  rules: readonly Rule<Asked>[],
  ask: (given: unknown) => Asked,
  { value, bad, places }: Judged,
): Problem[] {
  const asked = ask(without(value, bad));
  return rules.flatMap(({ name, check }) =>
    check(asked)
      .filter(({ paths }) => !paths.some((path) => bad.some((start) => startsWith(path, start))))
      .map((problem) => toProblem(name, problem, places)),
  );
}

/** A copy without the values at these paths; in lists they become undefined, so that indexes stay. */
function without(value: unknown, bad: readonly Path[]): unknown {
  const copy = structuredClone(value);
  for (const path of bad) {
    const parent = valueAt(copy, path.slice(0, -1)) as Record<string | number, unknown> | undefined;
    const last = path.at(-1);
    if (parent === undefined || last === undefined) continue;
    if (Array.isArray(parent)) parent[Number(last)] = undefined;
    else delete parent[last];
  }
  return copy;
}

function toProblem(
  rule: string,
  { paths, severity, message }: RuleProblem,
  places: ReadonlyMap<string, Place>,
): Problem {
  const written = paths.map((path) => asWritten(path, places));
  const path = written.find((candidate) => places.has(pathKey(candidate))) ?? written[0] ?? [];
  return { severity: severity ?? 'error', rule, path, message };
}

/** A one-or-more field that was written as one text has no index in the file. */
function asWritten(path: Path, places: ReadonlyMap<string, Place>): Path {
  const parent = path.slice(0, -1);
  return typeof path.at(-1) === 'number' && !places.has(pathKey(path)) ? parent : path;
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((segment, index) => path[index] === segment);
}
