import type { OneOrMoreSchema } from '../../documents/schema.ts';
import type { FormatName } from '../formats/formats.ts';

/** The schema of a field that takes one text of a format, or a list of them. */
export function oneOrMore(
  format: FormatName,
  rest: Omit<OneOrMoreSchema, 'type' | 'format' | 'items' | 'minItems'>,
): OneOrMoreSchema {
  return { ...rest, type: ['string', 'array'], format, items: { type: 'string', format }, minItems: 1 };
}
