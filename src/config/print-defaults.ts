import { stringify } from 'yaml';
import {
  isObject,
  isOneOrMore,
  isUsed,
  needsMore,
  type ObjectSchema,
  ownDefault,
  type Schema,
} from '../documents/schema.ts';
import { configurationSchema } from './schema/configuration.ts';

const header = `# The configuration of metalk8s: every field, with its default.
# Change what is an example: the CIDRs of both planes, the name of the first node, the archives.
# A field behind "#" without a space has no default; what stands there is an example.
`;

/** A whole configuration file with comments: defaults where there are some, examples elsewhere. It is valid as it stands. */
export function printDefaults(): string {
  return `${header}\n${printFields(configurationSchema, '').join('\n')}\n`;
}

function printFields(schema: ObjectSchema, indent: string): string[] {
  return Object.entries(schema.properties).flatMap(([name, child], index) => {
    if (!isUsed(child)) return [];
    const gap = indent === '' && index > 1 ? [''] : [];
    const required = schema.required?.includes(name) ?? false;
    return [...gap, ...printComment(child, indent), ...printField(name, child, { indent, required })];
  });
}

function printField(
  name: string,
  schema: Schema,
  { indent, required }: { indent: string; required: boolean },
): string[] {
  if (isObject(schema)) {
    const lines = [`${indent}${name}:`, ...printFields(schema, `${indent}  `)];
    return required || hasDefault(schema) ? lines : lines.map(commentOut);
  }
  const lines = printValue(name, schema).map((line) => `${indent}${line}`);
  return required || hasDefault(schema) ? lines : lines.map(commentOut);
}

function printValue(name: string, schema: Schema): string[] {
  const chosen = ownDefault(schema) ?? exampleOf(schema);
  const value =
    isOneOrMore(schema) && Array.isArray(chosen) && chosen.length === 1 && name !== 'archives' ? chosen[0] : chosen;
  return stringify({ [name]: value }, { lineWidth: 0 })
    .trimEnd()
    .split('\n');
}

function exampleOf(schema: Schema): unknown {
  if ('const' in schema) return schema.const;
  if (isOneOrMore(schema) && schema.defaultFrom !== undefined) return exampleAt(schema.defaultFrom.split('.'));
  return 'examples' in schema ? schema.examples?.[0] : undefined;
}

function exampleAt(path: readonly string[]): unknown {
  const schema = path.reduce<Schema | undefined>(
    (parent, name) => (parent && isObject(parent) ? parent.properties[name] : undefined),
    configurationSchema,
  );
  return schema && exampleOf(schema);
}

/** Puts a "#" before the text of a line; comments and lines that are commented out stay. */
function commentOut(line: string): string {
  return /^\s*#/.test(line) ? line : line.replace(/^(\s*)/, '$1#');
}

function hasDefault(schema: Schema): boolean {
  if (!isObject(schema)) return ownDefault(schema) !== undefined;
  if (needsMore(schema)) return false;
  return Object.values(schema.properties).some((child) => isUsed(child) && hasDefault(child));
}

function printComment(schema: Schema, indent: string): string[] {
  const lines: string[] = [];
  const choices = 'enum' in schema && schema.enum ? ` One of ${schema.enum.join(', ')}.` : '';
  for (const word of `${schema.description}${choices}`.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= 100) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}# ${word}`);
  }
  return lines;
}
