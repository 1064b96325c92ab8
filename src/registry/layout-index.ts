import type { Digest } from './catalogue.ts';
import { INDEX_TYPE } from './media-types.ts';

/** An image of a layout: its name in full, and what it names. */
export interface NamedImage {
  readonly reference: string;
  readonly digest: Digest;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
}

/** The annotations that programs look for an image's name in: the specification's, and containerd's. */
const NAMES = ['io.containerd.image.name', 'org.opencontainers.image.ref.name'] as const;

/**
 * `index.json` of an image layout: an entry for each image, sorted by reference and named in full. The same images always make the
 * same bytes. See the OCI image specification, image-layout.md.
 */
export function layoutIndex(images: readonly NamedImage[]): Uint8Array {
  const manifests = images
    .toSorted((left, right) => (left.reference < right.reference ? -1 : 1))
    .map(({ reference, digest, mediaType, size }) => ({
      mediaType,
      digest,
      size,
      annotations: Object.fromEntries(NAMES.map((name) => [name, reference])),
    }));
  return json({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests });
}

/** `oci-layout`: what says that a directory is one. */
export const LAYOUT_MARK: Uint8Array = json({ imageLayoutVersion: '1.0.0' });

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`);
}
