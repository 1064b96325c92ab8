import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { Digest } from '../../registry/catalogue.ts';
import { type Descriptor, type ManifestDocument, readManifest } from '../../registry/manifest-document.ts';
import { INDEX_TYPE, type ManifestKind, manifestKind } from '../../registry/media-types.ts';
import { LARGEST_MANIFEST, shown } from '../../registry/rules.ts';

const OCI_IMAGE_TYPE = 'application/vnd.oci.image.manifest.v1+json';

/** A manifest or index: what its bytes say, and what it is named as. */
export interface ImageDocument {
  readonly descriptor: Descriptor;
  readonly kind: ManifestKind;
  /** Parsed JSON. */
  readonly json: unknown;
  readonly parts: ManifestDocument;
}

/** Bytes that claim to be a manifest or index. */
export interface RawDocument {
  readonly digest: Digest;
  readonly content: Buffer;
  /** How what led here describes it; undefined where only a tag did. */
  readonly descriptor?: Pick<Descriptor, 'mediaType' | 'size'>;
}

/**
 * Reads a manifest or index whose digest was checked. Throws a `RELEASE_INVALID` at `where` for one that is not what it is described as, not
 * of the specification's form, or that different clients would take for different things.
 */
export function readDocument({ digest, content, descriptor }: RawDocument, where: string): ImageDocument {
  const fault = (message: string) => invalid(where, `${digest} ${message}`);
  if (content.length > LARGEST_MANIFEST)
    throw fault(`has ${content.length} bytes; a manifest has at most ${LARGEST_MANIFEST}`);
  if (descriptor !== undefined && descriptor.size !== content.length) {
    throw fault(`has ${content.length} bytes where it is named with ${descriptor.size}`);
  }
  const json = parse(content, fault);
  const shape = shapeOf(json, fault);
  const mediaType = descriptor?.mediaType ?? mediaTypeOf(json, shape, fault);
  const kind = manifestKind(mediaType);
  if (kind === undefined) throw fault(`is of type ${shown(mediaType)}, which no registry of ours serves`);
  if (kind === 'artifact') throw fault('is an artifact of a draft that the specification dropped');
  if (kind !== shape) throw fault(`is named as ${mediaType} but has the parts of an ${shape}`);
  const named = { mediaType, digest, size: content.length, annotations: {} };
  const parts = at(where, () => readManifest(named, json));
  for (const part of [...parts.blobs, ...parts.children]) {
    if (part.urls !== undefined && part.urls.length > 0) {
      throw fault(`has a part at an address of its own, ${part.digest}, which no site without the Internet can reach`);
    }
  }
  return { descriptor: named, kind, json, parts };
}

type Fault = (message: string) => MetalK8sError;
type Json = Readonly<Record<string, unknown>>;

function parse(content: Buffer, fault: Fault): Json {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content));
  } catch (cause) {
    throw fault(`is no JSON: ${(cause as Error).message.slice(0, 100)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fault('is no JSON object');
  return value as Json;
}

/** The keys that decide what a document is. Programs in Go read them in any case, others do not. */
const KEYS = ['schemaVersion', 'mediaType', 'config', 'layers', 'manifests', 'fsLayers', 'blobs'];

function shapeOf(json: Json, fault: Fault): ManifestKind {
  for (const key of Object.keys(json)) {
    const known = KEYS.find((each) => each.toLowerCase() === key.toLowerCase());
    if (known !== undefined && known !== key) throw fault(`has a key ${shown(key)}, which some read as ${known}`);
  }
  const has = (key: string) => Object.hasOwn(json, key) && json[key] !== null;
  if (has('fsLayers') || json.schemaVersion === 1) {
    throw fault("is a manifest of Docker's old schema 1, which containerd 2 refuses");
  }
  if (has('manifests') && (has('config') || has('layers'))) throw fault('has the parts of an image and of an index');
  if (has('manifests')) return 'index';
  return has('config') || has('layers') ? 'image' : 'artifact';
}

/** Registries tell the type in a header that skopeo does not hand on. Only OCI's documents may leave it out. */
function mediaTypeOf({ mediaType }: Json, shape: ManifestKind, fault: Fault): string {
  if (mediaType === undefined && shape !== 'artifact') return shape === 'index' ? INDEX_TYPE : OCI_IMAGE_TYPE;
  if (typeof mediaType !== 'string') throw fault(`has no media type but ${shown(mediaType)}`);
  return mediaType;
}

/** Adds the image to what the readers of the registry say. */
function at<Value>(where: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MetalK8sError)) throw error;
    throw invalid(where, `${error.where ?? ''} ${error.message}`.trim());
  }
}

function invalid(where: string, message: string): MetalK8sError {
  return new MetalK8sError('RELEASE_INVALID', `The image cannot be carried: ${message}`, {
    where,
    hint: 'Take the image out of the release, or have whoever publishes it mend it.',
  });
}
