import { nearest } from './nearest.ts';
import { configurationSchema } from './schema/configuration.ts';
import { isObject, isUsed, type Schema } from './schema/schema.ts';

/** What to tell about a key that the schema does not know: the key that was probably meant, its right place, or the valid ones. */
export function describeUnknownKey(schema: Schema, key: string): string {
  return `unknown key${hint(schema, key)}`;
}

function hint(schema: Schema, key: string): string {
  const properties = isObject(schema) ? schema.properties : {};
  const near = nearest(key, Object.keys(properties));
  if (near !== undefined) return `, did you mean "${near}"?`;
  if (/pass(word|phrase)|secret|token/i.test(key))
    return ': the configuration is no place for secrets, and has no fields for them';
  if (key === 'apiServer' && schema === configurationSchema) {
    return ' of v1alpha2: a load balancer or virtual address goes to networks.controlPlane.endpoint, settings go to kubernetes.apiServer';
  }
  const elsewhere = pathsWithKey(configurationSchema, key, []);
  if (elsewhere.length > 0) return `, there is ${elsewhere.slice(0, 3).join(' and ')}: is the indentation right?`;
  const valid = Object.entries(properties).flatMap(([name, child]) => (isUsed(child) ? [name] : []));
  return valid.length > 0 ? `, valid here: ${valid.join(', ')}` : '';
}

function pathsWithKey(schema: Schema, key: string, path: readonly string[]): string[] {
  if (!isObject(schema)) return [];
  return Object.entries(schema.properties).flatMap(([name, child]) => {
    if (!isUsed(child)) return [];
    const here = [...path, name];
    return [...(name === key ? [here.join('.')] : []), ...pathsWithKey(child, key, here)];
  });
}
