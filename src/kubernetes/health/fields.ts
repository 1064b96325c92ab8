import { isRecord } from '../../values/is-record.ts';
import type { ApiObject } from '../objects/api-object.ts';

/** Part of an object that came from an API: what is in it is looked at before it is used. */
export type Fields = Readonly<Record<string, unknown>>;

/** The mapping that a path of names leads to; an empty one when something else is there, or nothing. */
export function fieldsAt(object: ApiObject | Fields, ...path: readonly string[]): Fields {
  let value: unknown = object;
  for (const name of path) value = isRecord(value) ? value[name] : undefined;
  return isRecord(value) ? value : {};
}

/** The mappings in a list of fields. */
export function itemsOf(fields: Fields, name: string): readonly Fields[] {
  const value = fields[name];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** A text of fields, on one line; empty when there is none. */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value.trim().replace(/\s+/g, ' ') : '';
}

/** A number of fields; undefined when there is none. */
export function numberOf(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === 'number' ? value : undefined;
}

/** The condition of a type in an object's status; empty when it has none. */
export function conditionOf(object: ApiObject, type: string): Fields {
  return itemsOf(fieldsAt(object, 'status'), 'conditions').find((each) => each.type === type) ?? {};
}

/** `KubeletNotReady: the network is not ready` of a condition or a container's state. */
export function reasonOf(fields: Fields): string {
  return [textOf(fields, 'reason'), textOf(fields, 'message')].filter((text) => text !== '').join(': ');
}
