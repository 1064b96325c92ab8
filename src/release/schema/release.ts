import type { ObjectSchema } from '../../documents/schema.ts';
import { component } from './component.ts';
import { documentSchema } from './document.ts';
import { named } from './named.ts';
import { packagePlatform } from './package-platform.ts';

/**
 * The release list as JSON Schema: the one source of its checks, its defaults, its types (release.types.ts), its reference
 * (docs/reference/release-list.md) and its published schema. After a change run `node scripts/generate-from-schemas.ts`.
 */
export const releaseSchema: ObjectSchema = documentSchema({
  kind: 'Release',
  description: 'Everything that one disc carries, by the names that upstream gives it.',
  required: ['version', 'date', 'kubernetes', 'components'],
  properties: {
    version: {
      title: 'Product version',
      description: 'Version of the product: 1 and the minor version of Kubernetes, then two numbers that are yours.',
      type: 'string',
      format: 'product-version',
      examples: ['136.0.0'],
    },
    date: {
      title: 'Day',
      description:
        'Day of the release: the one date on the disc, unless SOURCE_DATE_EPOCH gives another or the signing key is younger.',
      type: 'string',
      format: 'day',
      examples: ['2026-11-21'],
    },
    kubernetes: {
      title: 'Kubernetes version',
      description: 'Version of Kubernetes, without "v".',
      type: 'string',
      format: 'kubernetes-version',
      examples: ['1.36.3'],
    },
    imagePlatforms: {
      title: 'Platforms of images',
      description: 'Which images of an index are carried, as OCI names platforms.',
      type: 'array',
      items: named('image-platform', 'Platform', 'Operating system, architecture and, where there is one, variant.'),
      minItems: 1,
      default: ['linux/amd64'],
    },
    packagePlatforms: {
      title: 'Platforms of packages',
      description: 'The operating systems and architectures that packages are carried for.',
      type: 'array',
      items: packagePlatform,
      default: [],
    },
    components: {
      title: 'Components',
      description: 'The parts of the release, `core` among them.',
      type: 'array',
      items: component,
      minItems: 1,
    },
  },
});
