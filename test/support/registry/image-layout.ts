import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageLayout } from '../../../src/registry/image-layout.ts';

/** A descriptor as it stands in an index. */
export interface Entry {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The two families of media types. */
export type Family = 'oci' | 'docker';

const TYPES = {
  oci: {
    image: 'application/vnd.oci.image.manifest.v1+json',
    index: 'application/vnd.oci.image.index.v1+json',
    config: 'application/vnd.oci.image.config.v1+json',
    layer: 'application/vnd.oci.image.layer.v1.tar',
  },
  docker: {
    image: 'application/vnd.docker.distribution.manifest.v2+json',
    index: 'application/vnd.docker.distribution.manifest.list.v2+json',
    config: 'application/vnd.docker.container.image.v1+json',
    layer: 'application/vnd.docker.image.rootfs.diff.tar',
  },
} as const;

/** An OCI image layout in the making. All of its files are in memory until it is written. */
export interface LayoutMaker {
  readonly blobs: ReadonlyMap<string, Buffer>;
  /** Stores bytes and describes them. */
  blob(content: Buffer | string, mediaType: string): Entry;
  /** Stores a manifest, written as JSON exactly as given. */
  manifest(document: Readonly<Record<string, unknown>> & { readonly mediaType: string }): Entry;
  /** An image of the given layers. */
  image(family: Family, layers: readonly (Buffer | string)[], architecture?: string): Entry;
  index(family: Family, children: readonly Entry[]): Entry;
  /** Puts it into `index.json`, under a name if it has one. */
  name(entry: Entry, name?: string): Entry;
  /** The layout as the reader of the product takes it. */
  layout(where?: string): ImageLayout;
  /** Writes it below a directory. */
  write(directory: string): Promise<void>;
}

export function makeLayout(): LayoutMaker {
  const blobs = new Map<string, Buffer>();
  const documents = new Map<string, unknown>();
  const named: Entry[] = [];

  const maker: LayoutMaker = {
    blobs,
    blob(content, mediaType) {
      const bytes = Buffer.from(content);
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      blobs.set(digest, bytes);
      return { mediaType, digest, size: bytes.length };
    },
    manifest(document) {
      const entry = maker.blob(JSON.stringify(document), document.mediaType);
      documents.set(entry.digest, document);
      return entry;
    },
    image(family, layers, architecture = 'amd64') {
      const types = TYPES[family];
      const stored = layers.map((layer) => maker.blob(layer, types.layer));
      const configuration = {
        architecture,
        os: 'linux',
        config: {},
        rootfs: { type: 'layers', diff_ids: stored.map(({ digest }) => digest) },
        history: [],
      };
      const config = maker.blob(JSON.stringify(configuration), types.config);
      return maker.manifest({ schemaVersion: 2, mediaType: types.image, config, layers: stored });
    },
    index(family, children) {
      const architectures = ['amd64', 'arm64', 'ppc64le', 's390x'];
      const manifests = children.map((child, position) => ({
        ...child,
        platform: { architecture: architectures[position % 4], os: 'linux' },
      }));
      return maker.manifest({ schemaVersion: 2, mediaType: TYPES[family].index, manifests });
    },
    name(entry, name) {
      const annotations = name === undefined ? {} : { 'org.opencontainers.image.ref.name': name };
      named.push({ ...entry, annotations });
      return entry;
    },
    layout: (where = 'images') => ({
      index: { schemaVersion: 2, manifests: named },
      documents,
      sizes: new Map([...blobs].map(([digest, bytes]) => [digest, bytes.length])),
      where,
    }),
    async write(directory) {
      const folder = join(directory, 'blobs/sha256');
      await mkdir(folder, { recursive: true });
      for (const [digest, bytes] of blobs) await writeFile(join(folder, digest.slice('sha256:'.length)), bytes);
      await writeFile(join(directory, 'index.json'), JSON.stringify(maker.layout().index));
      await writeFile(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    },
  };
  return maker;
}
