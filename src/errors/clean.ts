import { printable } from './printable.ts';
import type { Secrets } from './secrets.ts';

/**
 * Plain data with every string in it free of secrets and of what a terminal would act upon. Redacted before, because a secret may hold
 * such characters itself, and after, because they may have been put between its letters.
 */
export function clean<Data>(data: Data, secrets: Secrets): Data;
export function clean(data: unknown, secrets: Secrets): unknown {
  if (typeof data === 'string') return secrets.redact(printable(secrets.redact(data)));
  if (Array.isArray(data)) return data.map((item) => clean(item, secrets));
  if (typeof data !== 'object' || data === null || 'toJSON' in data) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, clean(value, secrets)]));
}
