import type { Schema } from '../../documents/schema.ts';

/** A text of some format, by which something is named. */
export function named(format: string, title: string, description: string): Schema {
  return { title, description, type: 'string', format };
}
