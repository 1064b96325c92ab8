import { createHash } from 'node:crypto';
import { RELEASE_TIME } from '../release-time.ts';
import type { ImageSource, ImageVariant } from './image.ts';
import type { Layer } from './layer.ts';

/** How an OCI document refers to a blob. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly architecture: string; readonly os: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The documents of an image as blobs, and the descriptor of the one that stands for it. */
export interface ImageDocuments {
  readonly descriptor: Descriptor;
  readonly blobs: readonly { readonly digest: string; readonly content: string }[];
}

/** Media types by format: OCI's image specification, and Docker's "Image Manifest Version 2, Schema 2". */
export const MEDIA_TYPES = {
  oci: {
    index: 'application/vnd.oci.image.index.v1+json',
    manifest: 'application/vnd.oci.image.manifest.v1+json',
    config: 'application/vnd.oci.image.config.v1+json',
    layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  },
  docker: {
    index: 'application/vnd.docker.distribution.manifest.list.v2+json',
    manifest: 'application/vnd.docker.distribution.manifest.v2+json',
    config: 'application/vnd.docker.container.image.v1+json',
    layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  },
} as const;

/** Configuration, manifest and index of an image whose layers are made; `layers` has one list for each variant. */
export function imageDocuments(
  image: Pick<ImageSource, 'format' | 'indexed'> & { readonly variants: readonly Omit<ImageVariant, 'layers'>[] },
  layers: readonly (readonly Omit<Layer, 'path'>[])[],
): ImageDocuments {
  const types = MEDIA_TYPES[image.format];
  const blobs: { digest: string; content: string }[] = [];
  const add = (mediaType: string, document: unknown): Descriptor => {
    const content = JSON.stringify(document);
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    blobs.push({ digest, content });
    return { mediaType, digest, size: Buffer.byteLength(content) };
  };
  const manifests = image.variants.map((variant, index) => {
    const own = layers[index] ?? [];
    const config = add(types.config, configuration(variant, own));
    const manifest = {
      schemaVersion: 2,
      mediaType: types.manifest,
      config,
      layers: own.map(({ digest, size }) => ({ mediaType: types.layer, digest, size })),
    };
    return { ...add(types.manifest, manifest), platform: { architecture: variant.architecture, os: 'linux' } };
  });
  const [first] = manifests;
  if (!first) throw new Error('an image has at least one variant');
  if (!image.indexed) return { descriptor: first, blobs };
  return { descriptor: add(types.index, { schemaVersion: 2, mediaType: types.index, manifests }), blobs };
}

function configuration(variant: Omit<ImageVariant, 'layers'>, layers: readonly Omit<Layer, 'path'>[]) {
  const created = new Date(RELEASE_TIME * 1000).toISOString();
  return {
    created,
    architecture: variant.architecture,
    os: 'linux',
    config: variant.config,
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(() => ({ created, created_by: 'metalk8s test release' })),
  };
}
