import type { BootstrapConfiguration, EffectiveConfiguration } from './configuration.types.ts';
import { parseEndpoint } from './formats/addresses.ts';
import { parsePath, valueAt } from './path.ts';
import { configurationSchema } from './schema/configuration.ts';
import {
  isMap,
  isObject,
  isOneOrMore,
  needsMore,
  type ObjectSchema,
  ownDefault,
  type Schema,
} from './schema/schema.ts';

/**
 * What a valid configuration means: every default filled in, one-or-more fields as lists, the endpoint with its port, and without the fields that
 * are not used. The result is a valid configuration itself and means the same.
 */
export function effectiveConfiguration(configuration: BootstrapConfiguration): EffectiveConfiguration {
  return fillConfiguration(configuration) as EffectiveConfiguration;
}

/** The same for a configuration that may lack required fields. Values that are there must have their schema's shape. */
export function fillConfiguration(given: unknown): unknown {
  const filled = fill(configurationSchema, given, given) as { networks?: { controlPlane?: { endpoint?: string } } };
  const controlPlane = filled.networks?.controlPlane;
  if (controlPlane?.endpoint !== undefined) {
    const { host, port } = parseEndpoint(controlPlane.endpoint);
    controlPlane.endpoint = `${host}:${port}`;
  }
  return filled;
}

function fill(schema: Schema, value: unknown, root: unknown): unknown {
  if (schema.unused !== undefined) return undefined;
  if (isObject(schema)) return fillObject(schema, value, root);
  if (isMap(schema)) return { ...schema.default, ...(value as object | undefined) };
  if (isOneOrMore(schema)) {
    const chosen = value ?? schema.default ?? (schema.defaultFrom && valueAt(root, parsePath(schema.defaultFrom)));
    return typeof chosen === 'string' ? [chosen] : copyList(chosen);
  }
  if (schema.type === 'array') {
    const items = (value ?? schema.default) as unknown[];
    return items.map((item) => fill(schema.items, item, root));
  }
  return value ?? ownDefault(schema);
}

function fillObject(schema: ObjectSchema, value: unknown, root: unknown): unknown {
  if (value === undefined && needsMore(schema) && schema !== configurationSchema) return undefined;
  const entries = Object.entries(schema.properties)
    .map(([name, child]) => [name, fill(child, valueAt(value, [name]), root)] as const)
    .filter(([, child]) => child !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function copyList(value: unknown): unknown {
  return Array.isArray(value) ? [...value] : undefined;
}
