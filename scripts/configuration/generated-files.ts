import { configurationSchema } from '../../src/config/schema/configuration.ts';
import { renderPublishedSchema } from './render-published-schema.ts';
import { renderReference } from './render-reference.ts';
import { renderTypes } from './render-types.ts';

/** Every file that is made from the schema of the configuration, by its path in the repository. */
export const generatedFiles: Readonly<Record<string, () => string>> = {
  'src/config/configuration.types.ts': () => renderTypes(configurationSchema),
  'schema/bootstrap-configuration.v1alpha3.json': () => renderPublishedSchema(configurationSchema),
  'docs/reference/configuration.md': () => renderReference(configurationSchema),
};
