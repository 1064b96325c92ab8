import type { ObjectSchema } from '../../documents/schema.ts';

/** Sections of the original's v1alpha3 that no part of metalk8s reads yet: accepted, so that an existing file works, with a warning. */
function addon(title: string, unused: string): ObjectSchema {
  return {
    title,
    description: `Whether ${title} is deployed.`,
    unused,
    type: 'object',
    additionalProperties: false,
    properties: { enabled: { title: 'Enabled', description: `Whether ${title} is deployed.`, type: 'boolean' } },
  };
}

export const addons: ObjectSchema = {
  title: 'Addons',
  description: 'Services beside the core.',
  type: 'object',
  additionalProperties: false,
  properties: {
    dex: addon('Dex', 'no identity provider is deployed; name yours in kubernetes.apiServer.oidc'),
    loki: addon('Loki', 'the logging component is not part of a release yet; nothing is deployed'),
    'fluent-bit': addon('Fluent Bit', 'the logging component is not part of a release yet; nothing is deployed'),
  },
};

export const salt: ObjectSchema = {
  title: 'Salt',
  description: 'Settings of Salt.',
  type: 'object',
  additionalProperties: false,
  properties: {
    master: {
      title: 'Salt master',
      description: 'Tuning of the Salt master.',
      unused: 'nodes run Salt without a master, so there is nothing to tune',
      type: 'object',
      additionalProperties: false,
      properties: {
        worker_threads: {
          title: 'Worker threads',
          description: 'Number of worker threads.',
          type: 'integer',
          minimum: 1,
          maximum: 10000,
        },
        timeout: {
          title: 'Timeout',
          description: 'Seconds to wait for an answer of a minion.',
          type: 'integer',
          minimum: 1,
          maximum: 86400,
        },
      },
    },
  },
};
