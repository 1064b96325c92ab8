import { configurationDocument } from '../../src/config/configuration-document.ts';
import { configurationSchema } from '../../src/config/schema/configuration.ts';
import { lockDocument, mirrorsDocument, releaseDocument } from '../../src/release/document-types.ts';
import { lockSchema } from '../../src/release/schema/lock.ts';
import { mirrorsSchema } from '../../src/release/schema/mirrors.ts';
import { releaseSchema } from '../../src/release/schema/release.ts';
import { renderConfigurationReference } from './render-configuration-reference.ts';
import { renderPublishedSchema } from './render-published-schema.ts';
import { renderReleaseReference } from './render-release-reference.ts';
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
  'src/release/release.types.ts': () =>
    renderTypes('src/release/schema', [
      {
        name: 'ReleaseList',
        description: 'A release list with its defaults.',
        schema: releaseSchema,
        side: 'effective',
      },
      { name: 'ReleaseLock', description: 'The file of a lock.', schema: lockSchema, side: 'effective' },
      {
        name: 'MirrorsFile',
        description: 'A file of mirrors with its defaults.',
        schema: mirrorsSchema,
        side: 'effective',
      },
    ]),
  'schema/release.v1alpha1.json': () => renderPublishedSchema(releaseDocument),
  'schema/release-lock.v1alpha1.json': () => renderPublishedSchema(lockDocument),
  'schema/mirrors.v1alpha1.json': () => renderPublishedSchema(mirrorsDocument),
  'docs/reference/release-list.md': renderReleaseReference,
};
