import { formats } from '../../src/config/formats/formats.ts';
import { printDefaults } from '../../src/config/print-defaults.ts';
import {
  isMap,
  isObject,
  isOneOrMore,
  isUsed,
  type ObjectSchema,
  ownDefault,
  type Schema,
} from '../../src/config/schema/schema.ts';

const introduction = `# Configuration

<!-- Generated from src/config/schema by scripts/generate-configuration.ts: change it there. -->

\`/etc/metalk8s/bootstrap.yaml\` says what the cluster shall be before its first node is made. YAML 1.2, one document, UTF-8.

\`\`\`text
metalk8s config print-defaults > /etc/metalk8s/bootstrap.yaml    every field with its default, to start from
metalk8s config validate                                         everything that is wrong, by line and column
metalk8s config migrate --write                                  a file of v1alpha2, rewritten as v1alpha3
\`\`\`

Editors that speak JSON Schema complete and check the file while you type. The schema is on the ISO under \`/schema\`; with the YAML language server:

\`\`\`yaml
# yaml-language-server: $schema=/srv/metalk8s/VERSION/schema/bootstrap-configuration.v1alpha3.json
\`\`\`

- Unknown, misspelt and repeated keys are errors. An entry without a value (\`proxies:\`) counts as not given.
- The file holds no secrets, and has no fields for them.
- \`yes\`, \`no\`, \`on\` and \`off\` are text in YAML 1.2; where true or false is asked for they are understood, with a warning.
- Anchors and aliases are understood; merge keys (\`<<\`) and tags are not.
- Networks are IPv4. IPv6 and dual-stack are refused until they are supported.
`;

/** The reference of the configuration in Markdown: a table of fields per section, the fields without effect, and a whole file. */
export function renderReference(schema: ObjectSchema): string {
  return [
    introduction,
    '## Fields',
    ...renderSections(schema, []),
    '## Fields without effect',
    'Accepted, so that an existing file works; `metalk8s config validate` warns about them.\n',
    ...renderUnused(schema),
    '## A whole file',
    'What `metalk8s config print-defaults` prints.\n',
    `\`\`\`yaml\n${printDefaults()}\`\`\`\n`,
  ].join('\n');
}

function renderSections(schema: ObjectSchema, path: readonly string[]): string[] {
  const children = Object.entries(schema.properties).filter(([, child]) => isUsed(child));
  const leaves = children.filter(([, child]) => !isObject(child));
  const own =
    leaves.length === 0
      ? []
      : [
          path.length === 0 ? '' : `### ${path.join('.')}\n\n${schema.description}\n`,
          '| Field | Type | Default | Meaning |\n| --- | --- | --- | --- |',
          ...leaves.map(([name, child]) => renderRow(schema, name, child)),
          '',
        ];
  return [
    ...own,
    ...children.flatMap(([name, child]) => (isObject(child) ? renderSections(child, [...path, name]) : [])),
  ];
}

function renderRow(parent: ObjectSchema, name: string, schema: Schema): string {
  const examples = 'examples' in schema && schema.examples ? ` Example: ${code(schema.examples[0])}.` : '';
  return `| \`${name}\` | ${typeOf(schema)} | ${defaultOf(parent, name, schema)} | ${schema.description}${examples} |`;
}

function typeOf(schema: Schema): string {
  if (isMap(schema)) return 'names to true or false';
  if (isOneOrMore(schema)) return `${formats[schema.format].title}, or a list`;
  if (schema.type === 'array')
    return isObject(schema.items) ? `list of ${keysOf(schema.items)}` : `list: ${typeOf(schema.items)}`;
  if (schema.type === 'integer') return `${schema.minimum} to ${schema.maximum}`;
  if (schema.type !== 'string') return 'true or false';
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  return schema.format ? formats[schema.format].title : 'text';
}

function keysOf(schema: ObjectSchema): string {
  return `{ ${Object.entries(schema.properties)
    .map(([name, child]) => `\`${name}\`: ${typeOf(child)}`)
    .join(', ')} }`;
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

function renderUnused(schema: ObjectSchema): string[] {
  return ['| Field | Why |\n| --- | --- |', ...unusedRows(schema, []), ''];
}

function unusedRows(schema: Schema, path: readonly string[]): string[] {
  if (schema.unused !== undefined) return [`| \`${path.join('.')}\` | ${schema.unused} |`];
  if (!isObject(schema)) return [];
  return Object.entries(schema.properties).flatMap(([name, child]) => unusedRows(child, [...path, name]));
}
