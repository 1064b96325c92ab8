import type { ObjectSchema } from '../../documents/schema.ts';
import { backup, proxies, ssh } from './hosts.ts';
import { kubernetes } from './kubernetes.ts';
import { networks } from './networks.ts';
import { oneOrMore } from './one-or-more.ts';
import { addons, salt } from './unused.ts';

export const API_GROUP = 'metalk8s.scality.com';
export const API_VERSION = `${API_GROUP}/v1alpha3`;
const KIND = 'BootstrapConfiguration';

/**
 * The configuration as JSON Schema: the one source of the checks, the defaults, the types (configuration.types.ts), the reference
 * (docs/reference/configuration.md) and the published schema (schema/bootstrap-configuration.v1alpha3.json).
 * After a change run `node scripts/generate-from-schemas.ts`.
 */
export const configurationSchema: ObjectSchema = {
  title: KIND,
  description: 'What an operator writes in /etc/metalk8s/bootstrap.yaml before the first node is made.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'networks', 'ca', 'archives'],
  properties: {
    apiVersion: {
      title: 'Version',
      description: 'Version of this format. Files of v1alpha2 are read too; `metalk8s config migrate` rewrites them.',
      type: 'string',
      const: API_VERSION,
    },
    kind: { title: 'Kind', description: 'What this file is.', type: 'string', const: KIND },
    networks,
    ca: {
      title: 'Certificate authorities',
      description: 'Where the certificate authorities are made.',
      type: 'object',
      additionalProperties: false,
      required: ['minion'],
      properties: {
        minion: {
          title: 'Bootstrap node',
          description:
            'Name of the first node, which makes the certificate authorities: a lower-case RFC 1123 name of at most 63 characters. In ' +
            "the original it was the host's Salt minion id.",
          type: 'string',
          format: 'node-name',
          examples: ['bootstrap'],
        },
      },
    },
    archives: oneOrMore('absolute-path', {
      title: 'Archives',
      description:
        'ISO files, mounted ISOs or directories with the same content, by absolute path. Several versions may stand side by side.',
      examples: [['/srv/metalk8s.iso']],
    }),
    proxies,
    debug: {
      title: 'Debug',
      description: 'Whether components log more than usual.',
      type: 'boolean',
      default: false,
    },
    addons,
    kubernetes,
    ssh,
    backup,
    salt,
  },
};
