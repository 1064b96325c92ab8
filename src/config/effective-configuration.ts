import { fillDefaults } from '../documents/fill-defaults.ts';
import type { BootstrapConfiguration, EffectiveConfiguration } from './configuration.types.ts';
import { parseEndpoint } from './formats/addresses.ts';
import { configurationSchema } from './schema/configuration.ts';

/**
 * What a valid configuration means: every default filled in, one-or-more fields as lists, the endpoint with its port, and without the fields that
 * are not used. The result is a valid configuration itself and means the same.
 */
export function effectiveConfiguration(configuration: BootstrapConfiguration): EffectiveConfiguration {
  return fillConfiguration(configuration) as EffectiveConfiguration;
}

/** The same for a configuration that may lack required fields. Values that are there must have their schema's shape. */
export function fillConfiguration(given: unknown): unknown {
  const filled = fillDefaults(configurationSchema, given) as { networks?: { controlPlane?: { endpoint?: string } } };
  const controlPlane = filled.networks?.controlPlane;
  if (controlPlane?.endpoint !== undefined) {
    const { host, port } = parseEndpoint(controlPlane.endpoint);
    controlPlane.endpoint = `${host}:${port}`;
  }
  return filled;
}
