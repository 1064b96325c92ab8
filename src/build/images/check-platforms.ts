import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { Descriptor } from '../../registry/manifest-document.ts';
import { isFor, platformOf } from '../../registry/platform.ts';
import type { BlobStore } from './blob-store.ts';
import type { ResolvedImage } from './resolve-image.ts';

const CONFIGURATION_TYPES = [
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
];

/**
 * Throws a `RELEASE_INVALID` when an image lacks a platform that the release wants. Where no index says what a manifest is for, its
 * configuration does. Artifacts that are no images (charts, policies) are for every platform.
 */
export async function checkPlatforms({ origin, open, unstated }: ResolvedImage, store: BlobStore): Promise<void> {
  if (open.length === 0) return;
  const configurations = unstated.flatMap(({ parts }) => parts.blobs.slice(0, 1)).filter(isConfiguration);
  if (configurations.length === 0 && unstated.length > 0) return;
  let left = open;
  const found: string[] = [];
  for (const { digest } of configurations) {
    const platform = platformOf(parsed(await store.read(digest))) ?? 'none';
    found.push(platform);
    left = left.filter((wanted) => !isFor(wanted, platform));
  }
  if (left.length === 0) return;
  const others = found.length === 0 ? '' : `; it is for ${found.join(', ')}`;
  throw new MetalK8sError('RELEASE_INVALID', `The image does not exist for ${left.join(', ')}${others}`, {
    where: origin.where,
    hint: 'Take the platform or the image out of the release list, or name a tag that has both.',
  });
}

function isConfiguration({ mediaType }: Descriptor): boolean {
  return CONFIGURATION_TYPES.includes(mediaType);
}

function parsed(content: Buffer | undefined): unknown {
  try {
    return JSON.parse(String(content));
  } catch {
    return undefined;
  }
}
