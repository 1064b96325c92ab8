import type { Finding } from '../documents/finding.ts';
import { loadDocument, readText } from '../documents/load.ts';
import type { BootstrapConfiguration, EffectiveConfiguration } from './configuration.types.ts';
import { configurationDocument } from './configuration-document.ts';
import { effectiveConfiguration } from './effective-configuration.ts';

/** A valid configuration with defaults, and what its user should know. */
export type LoadedConfiguration = {
  readonly configuration: EffectiveConfiguration;
  readonly warnings: readonly Finding[];
};

/** Reads, checks and completes a configuration file. Throws CONFIG_INVALID with every finding when it is not valid. */
export async function loadConfiguration(file: string): Promise<LoadedConfiguration> {
  const { value, findings } = await loadDocument(file, configurationDocument);
  return { configuration: effectiveConfiguration(value as BootstrapConfiguration), warnings: findings };
}

/** Reads a configuration file as text, whatever it may hold. Throws CONFIG_INVALID when there is none, or no UTF-8 text of fitting size. */
export function readConfigurationText(file: string): Promise<string> {
  return readText(file, configurationDocument);
}
