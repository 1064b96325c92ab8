import type { DocumentType } from '../../src/documents/document-type.ts';
import {
  isMap,
  isObject,
  isOneOrMore,
  isUsed,
  type ObjectSchema,
  ownDefault,
  type Schema,
} from '../../src/documents/schema.ts';

type Formats = DocumentType['formats'];

/** The fields of a document in Markdown: a table per section, `level` being that of the sections' headings. */
export function renderFields({ schema, formats }: DocumentType, level: string): string[] {
  return renderSections(schema, '', { formats, level });
}

interface Rendering {
  readonly formats: Formats;
  readonly level: string;
}

function renderSections(schema: ObjectSchema, path: string, rendering: Rendering): string[] {
  const children = Object.entries(schema.properties).filter(([, child]) => isUsed(child));
  const leaves = children.filter(([, child]) => !isObject(child));
  const own =
    leaves.length === 0
      ? []
      : [
          path === '' ? '' : `${rendering.level} ${path}\n\n${schema.description}\n`,
          '| Field | Type | Default | Meaning |\n| --- | --- | --- | --- |',
          ...leaves.map(([name, child]) => renderRow(schema, name, { schema: child, rendering })),
          '',
        ];
  const below = children.flatMap(([name, child]) => {
    const [section, suffix] = child.type === 'array' ? [child.items, '[]'] : [child, ''];
    if (!isObject(section)) return [];
    return renderSections(section, `${path === '' ? name : `${path}.${name}`}${suffix}`, rendering);
  });
  return [...own, ...below];
}

function renderRow(
  parent: ObjectSchema,
  name: string,
  { schema, rendering: { formats } }: { readonly schema: Schema; readonly rendering: Rendering },
): string {
  const examples = 'examples' in schema && schema.examples ? ` Example: ${code(schema.examples[0])}.` : '';
  return `| \`${name}\` | ${typeOf(schema, formats)} | ${defaultOf(parent, name, schema)} | ${schema.description}${examples} |`;
}

function typeOf(schema: Schema, formats: Formats): string {
  if (isMap(schema)) return 'names to true or false';
  if (isObject(schema)) return 'mapping';
  if (isOneOrMore(schema)) return `${titleOf(schema.format, formats)}, or a list`;
  if (schema.type === 'array') return `list: ${typeOf(schema.items, formats)}`;
  if (schema.type === 'integer') return `${schema.minimum} to ${schema.maximum}`;
  if (schema.type !== 'string') return 'true or false';
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  return schema.format ? titleOf(schema.format, formats) : 'text';
}

function titleOf(format: string, formats: Formats): string {
  const known = formats[format];
  if (known === undefined) throw new Error(`a schema names the format ${format}, which is not there`);
  return known.title;
}

function defaultOf(parent: ObjectSchema, name: string, schema: Schema): string {
  if ('const' in schema && schema.const) return `required: \`${schema.const}\``;
  if (parent.required?.includes(name)) return 'required';
  if (isOneOrMore(schema) && schema.defaultFrom) return `as \`${schema.defaultFrom}\``;
  const value = ownDefault(schema);
  return value === undefined ? '' : code(value);
}

function code(value: unknown): string {
  const single = Array.isArray(value) && value.length === 1 && typeof value[0] === 'string' ? value[0] : value;
  return `\`${typeof single === 'string' ? single : JSON.stringify(single)}\``;
}
