import { parsePath, valueAt } from './path.ts';
import { isMap, isObject, isOneOrMore, needsMore, type ObjectSchema, ownDefault, type Schema } from './schema.ts';

/**
 * Values with every default of their schema filled in, one-or-more fields as lists, and without the fields that are not used. Required fields
 * may be missing; values that are there must have their schema's shape.
 */
export function fillDefaults(schema: ObjectSchema, given: unknown): unknown {
  return fill(schema, given ?? {}, given) ?? {};
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
    const items = (value ?? schema.default) as unknown[] | undefined;
    return items?.map((item) => fill(schema.items, item, root));
  }
  return value ?? ownDefault(schema);
}

function fillObject(schema: ObjectSchema, value: unknown, root: unknown): unknown {
  if (value === undefined && needsMore(schema)) return undefined;
  const entries = Object.entries(schema.properties)
    .map(([name, child]) => [name, fill(child, valueAt(value, [name]), root)] as const)
    .filter(([, child]) => child !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function copyList(value: unknown): unknown {
  return Array.isArray(value) ? [...value] : undefined;
}
