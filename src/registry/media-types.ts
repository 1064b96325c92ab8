/** What a manifest of a media type is made of. */
export type ManifestKind = 'image' | 'index' | 'artifact';

/** The manifest types that are served. Clients of today take no others; the schema 1 of Docker is refused by containerd since 2.0. */
export const MANIFEST_TYPES: Readonly<Record<string, ManifestKind>> = {
  'application/vnd.oci.image.manifest.v1+json': 'image',
  'application/vnd.oci.image.index.v1+json': 'index',
  'application/vnd.oci.artifact.manifest.v1+json': 'artifact',
  'application/vnd.docker.distribution.manifest.v2+json': 'image',
  'application/vnd.docker.distribution.manifest.list.v2+json': 'index',
};

export const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

/** The kind of a manifest type, or undefined for a type that is not served. */
export function manifestKind(mediaType: unknown): ManifestKind | undefined {
  return typeof mediaType === 'string' && Object.hasOwn(MANIFEST_TYPES, mediaType)
    ? MANIFEST_TYPES[mediaType]
    : undefined;
}

/** Layers that their makers forbid to pass on; an image has them by URL, and registries need not hold them. */
export function mayStayOutside(descriptor: { readonly mediaType: string; readonly urls?: unknown }): boolean {
  return Array.isArray(descriptor.urls) && /nondistributable|foreign/.test(descriptor.mediaType);
}
