import { readFile } from 'node:fs/promises';
import type { DiscFile } from '../../disc/disc-file.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import { findImages } from '../../release/find-images.ts';
import { imageNeeds } from '../../release/image-needs.ts';
import { type CarriedImages, type ImageNeeds, refuseMissingImages } from '../../release/missing-images.ts';
import { mayNameImages } from '../../release/named-texts.ts';
import type { Release } from '../../release/release.ts';
import type { BuildContext } from '../build-context.ts';

export interface ImagesProof extends Pick<CarriedImages, 'lock' | 'catalogue'> {
  readonly release: Release;
  /** Of the disc; those that name no images are left alone. */
  readonly files: readonly DiscFile[];
}

/** A text of more bytes is none that names images. */
const LARGEST_TEXT = 8 * 1024 * 1024;

/**
 * Proves that every image is on the disc which its manifests and Salt states name, and which its kubeadm asks for. Gives back what
 * needs which, for the disc's closure. Throws a `RELEASE_INVALID` that names every image that is missing, and what needs it.
 */
export async function proveImages(
  { release, lock, catalogue, files }: ImagesProof,
  { stop }: Pick<BuildContext, 'stop'>,
): Promise<ImageNeeds> {
  const named = [];
  for (const file of files) {
    if (!mayNameImages(file.path)) continue;
    stop.throwIfAborted();
    named.push(...findImages(await textOf(file), file.path));
  }
  const needs = imageNeeds(release, named);
  refuseMissingImages(needs, { lock, catalogue, platforms: release.imagePlatforms });
  return needs;
}

async function textOf({ path, source }: DiscFile): Promise<string> {
  const size = 'file' in source ? source.size : source.content.length;
  if (size > LARGEST_TEXT) {
    throw new MetalK8sError(
      'RELEASE_INVALID',
      `A manifest has ${size} bytes, more than the ${LARGEST_TEXT} that are read`,
      {
        where: path,
        hint: 'Take it out of the release list, or split it.',
      },
    );
  }
  const content = 'file' in source ? await readFile(source.file) : source.content;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (cause) {
    throw new MetalK8sError('RELEASE_INVALID', 'A manifest is not UTF-8 text', {
      where: path,
      hint: 'Look at what its address gives.',
      cause,
    });
  }
}
