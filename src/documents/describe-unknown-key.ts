import type { DocumentType } from './document-type.ts';
import { nearest } from './nearest.ts';
import { isObject, isUsed, type Schema } from './schema.ts';

/** What to tell about a key that the schema does not know: the key that was probably meant, its right place, or the valid ones. */
export function describeUnknownKey(type: DocumentType, schema: Schema, key: string): string {
  return `unknown key${hint(type, schema, key)}`;
}

function hint(type: DocumentType, schema: Schema, key: string): string {
  const properties = isObject(schema) ? schema.properties : {};
  const near = nearest(key, Object.keys(properties));
  if (near !== undefined) return `, did you mean "${near}"?`;
  if (/pass(word|phrase)|secret|token/i.test(key))
    return `: the ${type.name} is no place for secrets, and has no fields for them`;
  const explained = type.explainKey?.(schema, key);
  if (explained !== undefined) return explained;
  const elsewhere = pathsWithKey(type.schema, key, '');
  if (elsewhere.length > 0) return `, there is ${elsewhere.slice(0, 3).join(' and ')}: is the indentation right?`;
  const valid = Object.entries(properties).flatMap(([name, child]) => (isUsed(child) ? [name] : []));
  return valid.length > 0 ? `, valid here: ${valid.join(', ')}` : '';
}

function pathsWithKey(schema: Schema, key: string, path: string): string[] {
  if (schema.type === 'array') return pathsWithKey(schema.items, key, `${path}[]`);
  if (!isObject(schema)) return [];
  return Object.entries(schema.properties).flatMap(([name, child]) => {
    if (!isUsed(child)) return [];
    const here = path === '' ? name : `${path}.${name}`;
    return [...(name === key ? [here] : []), ...pathsWithKey(child, key, here)];
  });
}
