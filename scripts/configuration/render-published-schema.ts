import { formats } from '../../src/config/formats/formats.ts';
import { isMap, isObject, type ObjectSchema, type Schema } from '../../src/config/schema/schema.ts';

type Json = Record<string, unknown>;

/**
 * The schema for editors and other programs, as plain JSON Schema (draft 07): our own formats become regular expressions, which are less strict;
 * defaults and fields without effect are told in the words that editors show.
 */
export function renderPublishedSchema(schema: ObjectSchema): string {
  const published = { $schema: 'http://json-schema.org/draft-07/schema#', ...publish(schema) };
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

function publish(schema: Schema): Json {
  const { unused, description, ...rest } = schema;
  const { defaultFrom, format, ...plain } = rest as Json;
  return {
    ...plain,
    description: [description, defaultFrom && `Left out, it is ${defaultFrom}.`].filter(Boolean).join(' '),
    ...(unused !== undefined && { deprecated: true, deprecationMessage: `Has no effect: ${unused}.` }),
    ...patternOf(format),
    ...publishChildren(schema),
  };
}

function publishChildren(schema: Schema): Json {
  if (isObject(schema)) {
    const entries = Object.entries(schema.properties).map(([name, child]) => [name, publish(child)]);
    return { properties: Object.fromEntries(entries) };
  }
  if (isMap(schema)) {
    return {
      propertyNames: patternOf(schema.propertyNames.format),
      additionalProperties: publish(schema.additionalProperties),
    };
  }
  if (schema.type === 'array') return { items: publish(schema.items) };
  return 'items' in schema ? { items: { type: 'string', ...patternOf(schema.items.format) } } : {};
}

function patternOf(format: unknown): Json {
  const known = Object.entries(formats).find(([name]) => name === format)?.[1];
  return known ? { pattern: known.pattern, patternErrorMessage: `Not a valid ${known.title}.` } : {};
}
