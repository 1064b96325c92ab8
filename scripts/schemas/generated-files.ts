import { configurationDocument } from '../../src/config/configuration-document.ts';
import { configurationSchema } from '../../src/config/schema/configuration.ts';
import { renderConfigurationReference } from './render-configuration-reference.ts';
import { renderPublishedSchema } from './render-published-schema.ts';
import { renderTypes } from './render-types.ts';

/** Every file that is made from the schemas, by its path in the repository. */
export const generatedFiles: Readonly<Record<string, () => string>> = {
  'src/config/configuration.types.ts': () =>
    renderTypes('src/config/schema', [
      {
        name: 'BootstrapConfiguration',
        description: 'The configuration as a user writes it, in the shape that the schema asks for.',
        schema: configurationSchema,
        side: 'given',
      },
      {
        name: 'EffectiveConfiguration',
        description:
          'The configuration in effect: with defaults, lists where one or more are allowed, and without the fields that are not used.',
        schema: configurationSchema,
        side: 'effective',
      },
    ]),
  'schema/bootstrap-configuration.v1alpha3.json': () => renderPublishedSchema(configurationDocument),
  'docs/reference/configuration.md': renderConfigurationReference,
};
