import { type Path, valueAt } from '../../documents/path.ts';
import type { Incomplete } from '../../documents/rule.ts';
import type { EffectiveConfiguration } from '../configuration.types.ts';

/** What a rule is asked about: the configuration with defaults, and as it was given. */
export type Asked = {
  readonly configuration: Incomplete<EffectiveConfiguration>;
  readonly given: unknown;
};

/** Whether the user wrote a value at this path, rather than leave it to the default. */
export function isGiven({ given }: Asked, path: Path): boolean {
  return valueAt(given, path) !== undefined;
}
