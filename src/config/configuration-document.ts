import type { DocumentType } from '../documents/document-type.ts';
import type { Problem } from '../documents/problem.ts';
import { isObject, type Schema } from '../documents/schema.ts';
import { checkRules } from './check-rules.ts';
import { checkVersion } from './check-version.ts';
import { parseCidr } from './cidr.ts';
import { findUnused } from './find-unused.ts';
import { formats } from './formats/formats.ts';
import { type Change, migrateDocument, OLD_VERSION } from './migrate-document.ts';
import { configurationSchema } from './schema/configuration.ts';

/** The configuration, as a type of document. v1alpha2 is read as what migration makes of it. */
export const configurationDocument: DocumentType = {
  name: 'configuration',
  code: 'CONFIG_INVALID',
  schema: configurationSchema,
  formats,
  // One with every field and comment has about 15 KiB, and about a hundred values.
  limits: { characters: 128 * 1024, values: 20_000 },
  hints: {
    empty: '`metalk8s config print-defaults` prints a file to start from',
    tooLarge: 'Is it the right file? A configuration with every field and comment has about 15 KiB.',
    missing: (file) =>
      `Name the file with --config, or write one to start from: metalk8s config print-defaults > ${file}`,
    unreadable: 'Name a file that this user may read with --config.',
    invalid:
      'Mend the lines named above. `metalk8s config validate` checks again, `metalk8s config print-defaults` shows a valid file.',
  },
  recognise: checkVersion,
  modernise: (document) => migrateDocument(document).flatMap(warnOfMigration),
  judge: (value, bad, places) => [...checkRules({ value, bad, places }), ...findUnused(value)],
  explainKey,
  explainType,
};

function warnOfMigration({ path, offset, message, loses }: Change): Problem[] {
  if (path[0] === 'apiVersion') {
    const text = `${OLD_VERSION} is read as v1alpha3: \`metalk8s config migrate --write\` rewrites the file`;
    return [{ severity: 'warning', rule: 'old-version', path, offset, message: text }];
  }
  return loses ? [{ severity: 'warning', rule: 'lost-in-migration', path, offset, message }] : [];
}

function explainKey(schema: Schema, key: string): string | undefined {
  if (key !== 'apiServer' || schema !== configurationSchema) return undefined;
  return ' of v1alpha2: a load balancer or virtual address goes to networks.controlPlane.endpoint, settings go to kubernetes.apiServer';
}

function explainType(schema: Schema, data: unknown): string | undefined {
  if (!isObject(schema) || schema.properties.cidr === undefined || typeof data !== 'string') return undefined;
  return parseCidr(data) === undefined ? undefined : `: write it below, as "cidr: ${data}"`;
}
