import type { DocumentType } from '../../src/documents/document-type.ts';
import { isMap, isObject, type Schema } from '../../src/documents/schema.ts';

type Json = Record<string, unknown>;
type Formats = DocumentType['formats'];

/**
 * The schema for editors and other programs, as plain JSON Schema (draft 07): our own formats become regular expressions, which are less strict;
 * defaults and fields without effect are told in the words that editors show.
 */
export function renderPublishedSchema({ schema, formats }: DocumentType): string {
  const published = { $schema: 'http://json-schema.org/draft-07/schema#', ...publish(schema, formats) };
  const spread = JSON.stringify(published, undefined, 2);
  return `${spread.replaceAll(SHORT_LIST, onOneLine).replaceAll(SHORT_LIST, onOneLine)}\n`;
}

/** A list of plain values or of lists on one line, as JSON.stringify spreads it over lines, with the line it starts on. */
const SHORT_LIST =
  /^(?<start> *(?:"[^"]+": )?)\[\n(?<items>(?: *(?:"(?:[^"\\]|\\.)*"|[0-9]+|\[.*\]),?\n)+) *\](?<end>,?)$/gm;

/** As the formatter of this repository has it: on one line, where 120 columns suffice. */
function onOneLine(spread: string, start: string, items: string, end: string): string {
  const line = `${start}[${items.trim().replaceAll(/,\n */g, ', ')}]${end}`;
  return line.length <= 120 ? line : spread;
}

function publish(schema: Schema, formats: Formats): Json {
  const { unused, description, ...rest } = schema;
  const { defaultFrom, format, ...plain } = rest as Json;
  return {
    ...plain,
    description: [description, defaultFrom && `Left out, it is ${defaultFrom}.`].filter(Boolean).join(' '),
    ...(unused !== undefined && { deprecated: true, deprecationMessage: `Has no effect: ${unused}.` }),
    ...patternOf(format, formats),
    ...publishChildren(schema, formats),
  };
}

function publishChildren(schema: Schema, formats: Formats): Json {
  if (isObject(schema)) {
    const entries = Object.entries(schema.properties).map(([name, child]) => [name, publish(child, formats)]);
    return { properties: Object.fromEntries(entries) };
  }
  if (isMap(schema)) {
    return {
      propertyNames: patternOf(schema.propertyNames.format, formats),
      additionalProperties: publish(schema.additionalProperties, formats),
    };
  }
  if (schema.type === 'array') return { items: publish(schema.items, formats) };
  return 'items' in schema ? { items: { type: 'string', ...patternOf(schema.items.format, formats) } } : {};
}

function patternOf(format: unknown, formats: Formats): Json {
  const known = Object.entries(formats).find(([name]) => name === format)?.[1];
  return known ? { pattern: known.pattern, patternErrorMessage: `Not a valid ${known.title}.` } : {};
}
