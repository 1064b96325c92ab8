import { fillConfiguration } from './effective-configuration.ts';
import { type Path, pathKey, valueAt } from './path.ts';
import type { Problem } from './problem.ts';
import type { Place } from './read-values.ts';
import { networkRules } from './rules/networks.ts';
import type { Asked, Rule, RuleProblem } from './rules/rule.ts';
import { settingRules } from './rules/settings.ts';

const rules: readonly Rule[] = [...networkRules, ...settingRules];

/**
 * Third pass: do the values go together? Asks every rule about what has a good shape; `bad` are the paths of what has not, and a rule's finding
 * that rests on one of them is left out.
 */
export function checkRules(value: unknown, bad: readonly Path[], places: ReadonlyMap<string, Place>): Problem[] {
  const given = without(value, bad);
  const asked = { configuration: fillConfiguration(given), given } as Asked;
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
