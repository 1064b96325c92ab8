/** Whether a value of parsed JSON or YAML is a mapping. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value of parsed JSON or YAML is a list. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
