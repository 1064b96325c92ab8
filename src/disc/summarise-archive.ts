import type { Catalogue, Digest, Repository } from '../registry/catalogue.ts';
import { readManifest } from '../registry/manifest-document.ts';
import type { ArchiveDescription, CarriedPackage } from '../release/archive-description.ts';
import { discPaths } from './paths.ts';
import type { TreeEntry } from './tree-faults.ts';

/** What an archive says of itself, and what it takes. Plain data. */
export interface ArchiveSummary {
  readonly version: string;
  readonly kubernetes: string;
  readonly components: readonly string[];
  readonly date: string;
  readonly node: string;
  readonly signingKey: {
    /** Null: the archive says that nobody signed it. */
    readonly fingerprint: string | null;
    /** Never: nothing was checked, and anybody can write a fingerprint. */
    readonly verified: false;
  };
  readonly images: readonly ImageSummary[];
  readonly packages: readonly PlatformSummary[];
  readonly files: readonly { readonly path: string; readonly size: number }[];
  /** By size, the largest first. */
  readonly parts: readonly PartSummary[];
  /** Bytes of all files. */
  readonly size: number;
}

interface ImageSummary {
  readonly reference: string;
  readonly digest: Digest;
  readonly mediaType: string;
  /** Those that are on the disc, as far as an index names them. */
  readonly platforms: readonly string[];
  /** Bytes of the image with everything below it; other images may share some of them. */
  readonly size: number;
}

interface PlatformSummary {
  readonly platform: string;
  readonly size: number;
  readonly packages: readonly Pick<
    CarriedPackage,
    'name' | 'epoch' | 'version' | 'release' | 'arch' | 'size' | 'roles'
  >[];
}

interface PartSummary {
  /** A folder or file at the root of the disc: `images`. */
  readonly name: string;
  readonly files: number;
  /** Bytes. */
  readonly size: number;
}

export interface ArchiveContents {
  readonly description: ArchiveDescription;
  readonly entries: readonly TreeEntry[];
  /** Manifests and indexes, parsed, by digest; those that cannot be read are left out. */
  readonly documents: ReadonlyMap<Digest, unknown>;
}

/** What people want to know of an archive before they use it. Throws a `RELEASE_INVALID` for a manifest that is none. */
export function summariseArchive({ description, entries, documents }: ArchiveContents): ArchiveSummary {
  const { version, kubernetes, components, date, node, signingKey, lock, catalogue, packages } = description;
  const files = entries.filter(({ type }) => type === 'file');
  const sizes = blobSizes(files);
  const manifests = manifestsOf(catalogue);
  return {
    version,
    kubernetes,
    components,
    date,
    node,
    signingKey: { fingerprint: signingKey, verified: false },
    images: lock.images.map(({ reference, digest, mediaType, children }) => ({
      reference,
      digest,
      mediaType,
      platforms: [...new Set(children.flatMap(({ platform }) => platform ?? []))],
      size: imageSize(digest, { sizes, documents, manifests }),
    })),
    packages: [...Map.groupBy(packages, ({ platform }) => platform)].map(([platform, carried]) => ({
      platform,
      size: sum(carried),
      packages: carried.map(({ name, epoch, version: of, release, arch, size, roles }) => {
        return { name, epoch, version: of, release, arch, size, roles };
      }),
    })),
    files: files
      .filter(({ path }) => path.startsWith(`${discPaths.upstream}/`))
      .map(({ path, size }) => ({ path: path.slice(discPaths.upstream.length + 1), size })),
    parts: [...Map.groupBy(files, ({ path }) => path.split('/', 1)[0] ?? '')]
      .map(([name, of]) => ({ name, files: of.length, size: sum(of) }))
      .sort((left, right) => right.size - left.size),
    size: sum(files),
  };
}

type Manifests = ReadonlyMap<Digest, Repository['manifests'][number]>;

function manifestsOf({ repositories }: Catalogue): Manifests {
  return new Map(repositories.flatMap(({ manifests }) => manifests.map((manifest) => [manifest.digest, manifest])));
}

function blobSizes(files: readonly TreeEntry[]): Map<Digest, number> {
  const prefix = `${discPaths.blobs}/`;
  return new Map(
    files
      .filter(({ path }) => path.startsWith(prefix))
      .map(({ path, size }) => [`sha256:${path.slice(prefix.length)}`, size]),
  );
}

interface Blobs {
  readonly sizes: ReadonlyMap<Digest, number>;
  readonly documents: ReadonlyMap<Digest, unknown>;
  readonly manifests: Manifests;
}

/** Each blob once, however often it is named. */
function imageSize(digest: Digest, { sizes, documents, manifests }: Blobs): number {
  const reached = new Set<Digest>();
  const pending = [digest];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    const manifest = manifests.get(next);
    if (manifest === undefined || !documents.has(next)) continue;
    const { children, blobs } = readManifest({ ...manifest, annotations: {} }, documents.get(next));
    pending.push(...children.map((child) => child.digest));
    for (const blob of blobs) reached.add(blob.digest);
  }
  return [...reached].reduce((total, each) => total + (sizes.get(each) ?? 0), 0);
}

function sum(items: readonly { readonly size: number }[]): number {
  return items.reduce((total, { size }) => total + size, 0);
}
