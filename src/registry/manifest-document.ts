import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { Digest } from './catalogue.ts';
import { manifestKind } from './media-types.ts';
import { isDigest, isMediaType, shown } from './rules.ts';

/** An OCI content descriptor, as far as a registry looks at it. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly urls?: readonly unknown[];
}

/** What a manifest of any kind points at. */
export interface ManifestDocument {
  readonly children: readonly Descriptor[];
  readonly blobs: readonly Descriptor[];
  readonly subject?: Digest;
  readonly artifactType?: string;
  readonly annotations: Readonly<Record<string, string>>;
}

type Json = Readonly<Record<string, unknown>>;

/** Reads a descriptor. Throws a `RELEASE_INVALID` at `where` when it lacks something or is not of the specification's form. */
export function readDescriptor(value: unknown, where: string): Descriptor {
  const descriptor = object(value, where);
  const { mediaType, digest, size, urls } = descriptor;
  if (!isMediaType(mediaType)) throw invalid(where, `${shown(mediaType)} is no media type`);
  if (!isDigest(digest)) throw invalid(where, `${shown(digest)} is no sha256 digest, the only kind that is carried`);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw invalid(where, `${digest}: ${shown(size)} is no size`);
  }
  const annotations = textsOf(descriptor.annotations, `${where}: annotations of ${digest}`);
  return { mediaType, digest, size, annotations, ...(Array.isArray(urls) ? { urls } : {}) };
}

/**
 * Reads the manifest that a descriptor points at. Throws a `RELEASE_INVALID` when its type is not served, differs from the
 * descriptor's, or a part is not of the specification's form.
 */
export function readManifest({ digest, mediaType }: Descriptor, document: unknown): ManifestDocument {
  const where = `manifest ${digest}`;
  const kind = manifestKind(mediaType);
  if (kind === undefined) throw invalid(where, `${shown(mediaType)} is no media type of a manifest that can be served`);
  const manifest = object(document, where);
  if (manifest.mediaType !== undefined && manifest.mediaType !== mediaType) {
    throw invalid(where, `it says to be ${shown(manifest.mediaType)} where it is named as ${shown(mediaType)}`);
  }
  const list = (key: string) => listOf(manifest[key], `${where}: ${key}`);
  const config = kind === 'image' ? readDescriptor(manifest.config, `${where}: config`) : undefined;
  const artifactType = typeText(manifest.artifactType, where) ?? config?.mediaType;
  const { subject } = manifest;
  return {
    children: kind === 'index' ? list('manifests') : [],
    blobs: config ? [config, ...list('layers')] : kind === 'artifact' ? list('blobs') : [],
    ...(subject === undefined || subject === null
      ? {}
      : { subject: readDescriptor(subject, `${where}: subject`).digest }),
    ...(artifactType === undefined ? {} : { artifactType }),
    annotations: textsOf(manifest.annotations, `${where}: annotations`),
  };
}

function typeText(value: unknown, where: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (!isMediaType(value)) throw invalid(where, `${shown(value)} is no artifact type`);
  return value;
}

/** Go programs write an empty list as null. */
function listOf(value: unknown, where: string): Descriptor[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(where, 'this is no list');
  return value.map((entry) => readDescriptor(entry, where));
}

function textsOf(value: unknown, where: string): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  const texts = object(value, where);
  for (const [key, text] of Object.entries(texts)) {
    if (key === '' || typeof text !== 'string') throw invalid(where, `${shown(key)} is not text`);
  }
  return texts as Readonly<Record<string, string>>;
}

function object(value: unknown, where: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(where, 'this is no object');
  return value as Json;
}

function invalid(where: string, message: string): MetalK8sError {
  return new MetalK8sError('RELEASE_INVALID', `An image cannot be served: ${message}`, {
    where,
    hint: 'Take the image out of the release, or have whoever publishes it mend it, and build again.',
  });
}
