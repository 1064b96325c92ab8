/**
 * JSON with the keys of each map in the order of their UTF-16 units, values that are undefined left out: equal values have equal texts.
 * `value`: maps, lists, texts, numbers, truth values, null.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const values = value as Readonly<Record<string, unknown>>;
  const entries: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const item = values[key];
    if (item !== undefined) entries.push(`${JSON.stringify(key)}:${canonicalJson(item)}`);
  }
  return `{${entries.join(',')}}`;
}
