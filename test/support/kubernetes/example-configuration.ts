import { parse } from 'yaml';
import type { BootstrapConfiguration, EffectiveConfiguration } from '../../../src/config/configuration.types.ts';
import { effectiveConfiguration } from '../../../src/config/effective-configuration.ts';
import { exampleText } from '../../config/example.ts';

/** The least that a user can write, with lines at its end, in effect. */
export function exampleConfiguration(...lines: readonly string[]): EffectiveConfiguration {
  return effectiveConfiguration(parse(exampleText(...lines)) as BootstrapConfiguration);
}
