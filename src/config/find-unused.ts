import { type Path, valueAt } from '../documents/path.ts';
import type { Problem } from '../documents/problem.ts';
import { isObject, type Schema } from '../documents/schema.ts';
import { configurationSchema } from './schema/configuration.ts';

/** A warning for each field that is accepted but has no effect, with what becomes of it. */
export function findUnused(value: unknown): Problem[] {
  return findIn(configurationSchema, value, []);
}

function findIn(schema: Schema, root: unknown, path: Path): Problem[] {
  if (valueAt(root, path) === undefined) return [];
  if (schema.unused !== undefined) {
    return [
      { severity: 'warning', rule: 'unused-field', path, atKey: true, message: `has no effect: ${schema.unused}` },
    ];
  }
  if (!isObject(schema)) return [];
  return Object.entries(schema.properties).flatMap(([name, child]) => findIn(child, root, [...path, name]));
}
