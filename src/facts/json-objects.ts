import { isRecord } from '../values/is-record.ts';

/** An object of which nothing is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The objects of a list in JSON; none when it is anything else. */
export function jsonObjects(text: string | null): readonly JsonObject[] {
  try {
    return objectsOf(JSON.parse(text ?? ''));
  } catch {
    return [];
  }
}

export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
