import {
  isMap,
  isObject,
  isOneOrMore,
  isUsed,
  needsMore,
  type ObjectSchema,
  ownDefault,
  type Schema,
} from '../../src/documents/schema.ts';

type Side = 'given' | 'effective';

/** A type to make of a schema: as users write a document, or as it is in effect, with its defaults. */
interface TypeRequest {
  readonly name: string;
  readonly description: string;
  readonly schema: ObjectSchema;
  readonly side: Side;
}

/** A module of TypeScript types, made from the schemas in `source`. */
export function renderTypes(source: string, requests: readonly TypeRequest[]): string {
  const types = requests.flatMap(({ name, description, schema, side }) => [
    '',
    `/** ${description} */`,
    `export type ${name} = ${renderObject(schema, side, '')};`,
  ]);
  return [
    `/*\n * Generated from ${source} by scripts/generate-from-schemas.ts: change it there.\n */`,
    ...types,
    '',
  ].join('\n');
}

function renderObject(schema: ObjectSchema, side: Side, indent: string): string {
  const inner = `${indent}  `;
  const fields = Object.entries(schema.properties)
    .filter(([, child]) => side === 'given' || isUsed(child))
    .flatMap(([name, child]) => [
      ...renderComment(child, inner),
      `${inner}readonly ${/^\w+$/.test(name) ? name : `'${name}'`}${isSure(schema, name, side) ? '' : '?'}: ${renderType(child, side, inner)};`,
    ]);
  return ['{', ...fields, `${indent}}`].join('\n');
}

function renderComment(schema: Schema, indent: string): string[] {
  const text =
    schema.unused === undefined ? schema.description : `${schema.description} Has no effect: ${schema.unused}.`;
  const words = text.split(' ');
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && `${indent} * ${last} ${word}`.length <= 116) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  if (lines.length === 1) return [`${indent}/** ${lines[0]} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`];
}

function renderType(schema: Schema, side: Side, indent: string): string {
  if (isObject(schema)) return renderObject(schema, side, indent);
  if (isMap(schema)) return 'Readonly<Record<string, boolean>>';
  if (isOneOrMore(schema)) return side === 'given' ? 'string | readonly string[]' : 'readonly string[]';
  if (schema.type === 'array') {
    const item = renderType(schema.items, side, indent);
    const stands = item.startsWith('{') || (/^[a-z]/.test(item) && !item.includes(' | '));
    return stands ? `readonly ${item}[]` : `readonly (${item})[]`;
  }
  if (schema.type === 'string') return renderText(schema.const ? [schema.const] : schema.enum);
  return schema.type === 'integer' ? 'number' : 'boolean';
}

function renderText(values: readonly string[] | undefined): string {
  return values?.map((value) => `'${value}'`).join(' | ') ?? 'string';
}

/** Whether the field is always there. */
function isSure(parent: ObjectSchema, name: string, side: Side): boolean {
  if (parent.required?.includes(name)) return true;
  const schema = parent.properties[name];
  return side === 'effective' && schema !== undefined && isAlwaysFilled(schema);
}

function isAlwaysFilled(schema: Schema): boolean {
  if (!isObject(schema))
    return ownDefault(schema) !== undefined || (isOneOrMore(schema) && schema.defaultFrom !== undefined);
  return !needsMore(schema) && Object.values(schema.properties).some((child) => isUsed(child) && isAlwaysFilled(child));
}
