import type { Path } from '../../documents/path.ts';
import { formatPath } from '../../documents/path.ts';
import { fault, type RuleProblem } from '../../documents/rule.ts';

/** A value that nothing else of its kind may have, and where it stands. */
export interface Unique {
  readonly value: string | undefined;
  readonly path: Path;
}

/** A problem for every value that stood before. */
export function duplicates(values: readonly Unique[]): RuleProblem[] {
  const first = new Map<string, Path>();
  return values.flatMap(({ value, path }) => {
    if (value === undefined) return [];
    const before = first.get(value);
    if (before === undefined) {
      first.set(value, path);
      return [];
    }
    return [fault(path, `is the same as ${formatPath(before)}: leave one out`)];
  });
}

/** The entries of a list that may be missing, each with its path. */
export function entries<Item>(
  list: readonly (Item | undefined)[] | undefined,
  path: Path,
): { readonly item: Item; readonly path: Path }[] {
  return (list ?? []).flatMap((item, index) => (item === undefined ? [] : [{ item, path: [...path, index] }]));
}
