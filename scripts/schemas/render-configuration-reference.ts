import { configurationDocument } from '../../src/config/configuration-document.ts';
import { printDefaults } from '../../src/config/print-defaults.ts';
import { configurationSchema } from '../../src/config/schema/configuration.ts';
import { isObject, type ObjectSchema, type Schema } from '../../src/documents/schema.ts';
import { renderFields } from './render-fields.ts';

const introduction = `# Configuration

<!-- Generated from src/config/schema by scripts/generate-from-schemas.ts: change it there. -->

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
export function renderConfigurationReference(): string {
  return [
    introduction,
    '## Fields',
    ...renderFields(configurationDocument, '###'),
    '## Fields without effect',
    'Accepted, so that an existing file works; `metalk8s config validate` warns about them.\n',
    ...renderUnused(configurationSchema),
    '## A whole file',
    'What `metalk8s config print-defaults` prints.\n',
    `\`\`\`yaml\n${printDefaults()}\`\`\`\n`,
  ].join('\n');
}

function renderUnused(schema: ObjectSchema): string[] {
  return ['| Field | Why |\n| --- | --- |', ...unusedRows(schema, []), ''];
}

function unusedRows(schema: Schema, path: readonly string[]): string[] {
  if (schema.unused !== undefined) return [`| \`${path.join('.')}\` | ${schema.unused} |`];
  if (!isObject(schema)) return [];
  return Object.entries(schema.properties).flatMap(([name, child]) => unusedRows(child, [...path, name]));
}
