import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linkFile } from '../link-file.ts';
import { type Descriptor, type ImageDocuments, MEDIA_TYPES } from './documents.ts';
import type { ImageSource } from './image.ts';
import type { Layer } from './layer.ts';

/** Annotation of the OCI image layout specification; its value is the full upstream reference. */
export const REFERENCE_ANNOTATION = 'org.opencontainers.image.ref.name';

/** An image with everything of it made. */
export interface MadeImage extends ImageDocuments {
  readonly references: ImageSource['references'];
  readonly layers: readonly Layer[];
}

/** A reference, and what it names. */
export interface ImageReference {
  readonly reference: string;
  readonly digest: string;
  readonly mediaType: string;
}

/** The document index.json of a layout. */
export interface LayoutIndex {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
}

/** The index.json of a layout: one descriptor for each reference, in the order of the images. */
export function layoutIndex(images: readonly Pick<MadeImage, 'references' | 'descriptor'>[]): LayoutIndex {
  const manifests = images.flatMap(({ references, descriptor }) =>
    references.map(
      (reference): Descriptor => ({
        ...descriptor,
        annotations: { [REFERENCE_ANNOTATION]: completeReference(reference, descriptor.digest) },
      }),
    ),
  );
  const seen = new Set<string>();
  for (const { annotations } of manifests) {
    const reference = annotations?.[REFERENCE_ANNOTATION] ?? '';
    if (seen.has(reference)) throw new Error(`two images have the reference ${reference}`);
    seen.add(reference);
  }
  return { schemaVersion: 2, mediaType: MEDIA_TYPES.oci.index, manifests };
}

/** The references of a layout's index. */
export function layoutReferences(index: LayoutIndex): readonly ImageReference[] {
  return index.manifests.map(({ digest, mediaType, annotations }) => ({
    reference: annotations?.[REFERENCE_ANNOTATION] ?? '',
    digest,
    mediaType,
  }));
}

/** Writes an OCI image layout into a directory and returns its index; each blob is there once, however many images hold it. */
export async function writeLayout(directory: string, images: readonly MadeImage[]): Promise<LayoutIndex> {
  const blobs = join(directory, 'blobs/sha256');
  await mkdir(blobs, { recursive: true });
  const written = new Set<string>();
  for (const image of images) {
    for (const { digest, content } of image.blobs) await writeFile(join(blobs, hexOf(digest)), content);
    for (const { digest, path } of image.layers) {
      if (written.has(digest)) continue;
      written.add(digest);
      await linkFile(path, join(blobs, hexOf(digest)));
    }
  }
  await writeFile(join(directory, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  const index = layoutIndex(images);
  await writeFile(join(directory, 'index.json'), JSON.stringify(index));
  return index;
}

/** The hexadecimal digits of a `sha256:…` digest: the name of its blob. */
export function hexOf(digest: string): string {
  return digest.slice('sha256:'.length);
}

function completeReference(reference: string, digest: string): string {
  return reference.endsWith('@') ? `${reference}${digest}` : reference;
}
