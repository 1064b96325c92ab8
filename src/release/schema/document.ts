import type { ObjectSchema, Schema } from '../../documents/schema.ts';

export const API_VERSION = 'metalk8s.scality.com/v1alpha1';

/** What the schema of a kind of document is made of. */
interface Content {
  readonly kind: string;
  readonly description: string;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, Schema>>;
}

/** The schema of a whole document: it says what it is, in which version, and then its content. */
export function documentSchema({ kind, description, required, properties }: Content): ObjectSchema {
  return {
    title: kind,
    description,
    type: 'object',
    additionalProperties: false,
    required: ['apiVersion', 'kind', ...required],
    properties: {
      apiVersion: { title: 'Version', description: 'Version of this format.', type: 'string', const: API_VERSION },
      kind: { title: 'Kind', description: 'What this file is.', type: 'string', const: kind },
      ...properties,
    },
  };
}
