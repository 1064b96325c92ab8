import { lockDocument, mirrorsDocument, releaseDocument } from '../../src/release/document-types.ts';
import { renderFields } from './render-fields.ts';

const introduction = `# Release list, lock and mirrors

<!-- Generated from src/release/schema by scripts/generate-from-schemas.ts: change it there. -->

The three files that \`metalk8s build-iso\` reads. [How to write them](../release-list.md) comes first; this page has every field.

Each is one document of YAML 1.2 in UTF-8. Unknown, misspelt and repeated keys are errors, told with line and column, all of a file at
once. Editors that speak JSON Schema complete and check the files while you type, by the schemas in \`schema/\`, which are on the disc too:

\`\`\`yaml
# yaml-language-server: $schema=https://example.com/schema/release.v1alpha1.json
\`\`\`
`;

const sections = [
  { title: 'Release list', file: 'release.v1alpha1.json', type: releaseDocument },
  { title: 'Lock', file: 'release-lock.v1alpha1.json', type: lockDocument },
  { title: 'Mirrors', file: 'mirrors.v1alpha1.json', type: mirrorsDocument },
];

/** The reference of the files that a disc is built from, in Markdown. */
export function renderReleaseReference(): string {
  return [
    introduction,
    ...sections.flatMap(({ title, file, type }) => [
      `## ${title}\n`,
      `${type.schema.description} Schema: \`schema/${file}\`.\n`,
      ...renderFields(type, '###').map((line) => line.replace(/^\n+/, '')),
    ]),
  ].join('\n');
}
