import type { EffectiveConfiguration } from '../configuration.types.ts';
import { type Path, valueAt } from '../path.ts';

/** Everything may be missing, because rules are also asked about files with mistakes elsewhere. */
type Incomplete<T> = T extends readonly (infer Item)[]
  ? readonly (Incomplete<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Incomplete<T[Key]> | undefined }
    : T;

/** What a rule is asked about: the configuration with defaults, and as it was given. */
export type Asked = {
  readonly configuration: Incomplete<EffectiveConfiguration>;
  readonly given: unknown;
};

export type RuleProblem = {
  /** The fields that do not go together; the first one that stands in the file is shown. */
  readonly paths: readonly [Path, ...Path[]];
  readonly severity?: 'warning';
  readonly message: string;
};

/** A rule about the values of several fields, or about more of one than its form. Its name is its function's, in kebab case. */
export type Rule = { readonly name: string; readonly check: (asked: Asked) => readonly RuleProblem[] };

/** Whether the user wrote a value at this path, rather than leave it to the default. */
export function isGiven({ given }: Asked, path: Path): boolean {
  return valueAt(given, path) !== undefined;
}

export function fault(path: Path, message: string): RuleProblem {
  return { paths: [path], message };
}

export function warning(path: Path, message: string): RuleProblem {
  return { paths: [path], severity: 'warning', message };
}
