import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { Catalogue, Digest, Manifest, Repository } from './catalogue.ts';
import { checkCatalogue } from './check-catalogue.ts';
import { type Descriptor, readDescriptor, readManifest } from './manifest-document.ts';
import { manifestKind, mayStayOutside } from './media-types.ts';
import { parseReference, type Reference } from './reference.ts';
import { shown } from './rules.ts';

/** An OCI image layout as values, which the caller has read and whose digests the caller has checked. */
export interface ImageLayout {
  /** `index.json`, parsed. */
  readonly index: unknown;
  /** The manifests among its blobs, parsed, by digest; {@link missingDocuments} tells which are wanted. */
  readonly documents: ReadonlyMap<Digest, unknown>;
  /** The size in bytes of every file below `blobs/sha256`, by digest. */
  readonly sizes: ReadonlyMap<Digest, number>;
  /** What to call it in errors: the path of the layout. */
  readonly where: string;
}

/**
 * The catalogue of an image layout. Entries of `index.json` are named by `io.containerd.image.name`, else by
 * `org.opencontainers.image.ref.name`, in full: host, name, and a tag or a digest. An entry without a name is an artifact that
 * belongs to every repository that holds its subject. Indexes may be sparse: children that are not on the disc are left out.
 * Repositories, tags and digests come sorted. Throws a `RELEASE_INVALID` that names the image at fault.
 */
export function readImageLayout(layout: ImageLayout): Catalogue {
  const builder = createBuilder(layout);
  const unnamed: Descriptor[] = [];
  for (const entry of entriesOf(layout)) {
    const reference = nameOf(entry);
    if (reference === undefined) unnamed.push(entry);
    else builder.add(parseReference(reference, layout.where), entry);
  }
  builder.addReferrers(unnamed);
  return checkCatalogue({ repositories: builder.repositories() }, layout.where);
}

/** The digests of manifests that `documents` lacks as far as can be told from those given. Nothing lacks when the answer is empty. */
export function missingDocuments(layout: ImageLayout): Digest[] {
  const missing = new Set<Digest>();
  const seen = new Set<Digest>();
  const queue = [...entriesOf(layout)];
  for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
    if (seen.has(entry.digest) || !layout.sizes.has(entry.digest)) continue;
    seen.add(entry.digest);
    if (!layout.documents.has(entry.digest)) missing.add(entry.digest);
    else queue.push(...readManifest(entry, layout.documents.get(entry.digest)).children);
  }
  return [...missing].sort();
}

interface Draft {
  readonly reference: Pick<Reference, 'host' | 'name'>;
  readonly tags: Map<string, Digest>;
  readonly manifests: Map<Digest, Manifest>;
  readonly blobs: Set<Digest>;
}

interface Builder {
  add(reference: Reference, entry: Descriptor): void;
  /** Artifacts without a name: each goes where its subject is, which may itself be such an artifact. */
  addReferrers(entries: readonly Descriptor[]): void;
  repositories(): Repository[];
}

function createBuilder(layout: ImageLayout): Builder {
  const drafts = new Map<string, Draft>();

  function draftOf({ host, name }: Reference): Draft {
    const key = `${host}/${name}`;
    const draft = drafts.get(key) ?? {
      reference: { host, name },
      tags: new Map(),
      manifests: new Map(),
      blobs: new Set(),
    };
    drafts.set(key, draft);
    return draft;
  }

  return {
    add(reference, entry) {
      const draft = draftOf(reference);
      addTree(layout, draft, entry);
      const { tag, digest, text } = reference;
      if (digest !== undefined && digest !== entry.digest) {
        throw invalid(layout, `${shown(text)} stands beside the digest ${shown(entry.digest)}`);
      }
      if (tag === undefined) return;
      const other = draft.tags.get(tag) ?? entry.digest;
      if (other !== entry.digest)
        throw invalid(layout, `${shown(text)} names two images: ${other} and ${entry.digest}`);
      draft.tags.set(tag, entry.digest);
    },
    addReferrers(entries) {
      const homeless = new Set(entries);
      for (let before = -1; before !== homeless.size; ) {
        before = homeless.size;
        for (const entry of entries) {
          const { subject } = readManifest(entry, documentOf(layout, entry));
          const homes = [...drafts.values()].filter(
            ({ manifests }) => subject !== undefined && manifests.has(subject) && !manifests.has(entry.digest),
          );
          for (const draft of homes) addTree(layout, draft, entry);
          if (homes.length > 0) homeless.delete(entry);
        }
      }
      const left = [...homeless].find(
        (entry) => ![...drafts.values()].some(({ manifests }) => manifests.has(entry.digest)),
      );
      if (left !== undefined) {
        throw invalid(layout, `${left.digest} has no name and its subject is not there: nobody could ask for it`);
      }
    },
    repositories: () => [...drafts.entries()].sort(byKey).map(([, draft]) => finished(draft)),
  };
}

/** A manifest, the children that are there, and their blobs. The path is kept on a list, so that no depth of nesting ends the run. */
function addTree(layout: ImageLayout, draft: Draft, root: Descriptor): void {
  const queue = [root];
  for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
    if (draft.manifests.has(entry.digest)) continue;
    const { children, blobs, subject, artifactType, annotations } = readManifest(entry, documentOf(layout, entry));
    const present = children.filter(({ digest }) => layout.sizes.has(digest));
    if (children.length > 0 && present.length === 0) {
      throw invalid(layout, `the index ${entry.digest} has none of its children on the disc`);
    }
    draft.manifests.set(entry.digest, {
      digest: entry.digest,
      mediaType: entry.mediaType,
      size: entry.size,
      ...(manifestKind(entry.mediaType) === 'index' ? { children: unique(present.map(({ digest }) => digest)) } : {}),
      ...(subject === undefined
        ? {}
        : { subject, ...(artifactType === undefined ? {} : { artifactType }), annotations }),
    });
    for (const blob of blobs) addBlob(layout, draft, { blob, of: entry.digest });
    queue.push(...present);
  }
}

function addBlob(layout: ImageLayout, draft: Draft, { blob, of }: { blob: Descriptor; of: Digest }): void {
  const size = layout.sizes.get(blob.digest);
  if (size === undefined && mayStayOutside(blob)) return;
  if (size !== blob.size) throw invalid(layout, `${of} needs ${sized(blob)}, ${found(size)}`);
  draft.blobs.add(blob.digest);
}

function documentOf(layout: ImageLayout, entry: Descriptor): unknown {
  const size = layout.sizes.get(entry.digest);
  if (size !== entry.size) throw invalid(layout, `the layout names ${sized(entry)}, ${found(size)}`);
  if (!layout.documents.has(entry.digest)) throw invalid(layout, `the manifest ${shown(entry.digest)} was not read`);
  return layout.documents.get(entry.digest);
}

function entriesOf(layout: ImageLayout): readonly Descriptor[] {
  const { index, where } = layout;
  const manifests: unknown =
    typeof index === 'object' && index !== null && 'manifests' in index ? index.manifests : undefined;
  if (!Array.isArray(manifests)) throw invalid(layout, 'index.json has no list of manifests');
  return manifests.map((entry, position) => readDescriptor(entry, `${where}/index.json: entry ${position + 1}`));
}

function nameOf({ annotations }: Descriptor): string | undefined {
  const name = (key: string) => (Object.hasOwn(annotations, key) ? annotations[key] : undefined);
  return name('io.containerd.image.name') ?? name('org.opencontainers.image.ref.name');
}

function finished({ reference, tags, manifests, blobs }: Draft): Repository {
  return {
    ...reference,
    tags: [...tags.entries()].sort(byKey).map(([tag, digest]) => ({ tag, digest })),
    manifests: [...manifests.entries()].sort(byKey).map(([, manifest]) => manifest),
    blobs: [...blobs].sort(),
  };
}

function byKey([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function unique(digests: readonly Digest[]): Digest[] {
  return [...new Set(digests)];
}

function sized({ digest, size }: Descriptor): string {
  return `${digest} of ${size} bytes`;
}

function found(size: number | undefined): string {
  return size === undefined ? 'which is not there' : `which has ${size}`;
}

function invalid({ where }: ImageLayout, message: string): MetalK8sError {
  return new MetalK8sError('RELEASE_INVALID', `The image layout cannot be served: ${message}`, {
    where,
    hint: 'Fetch the image again; when that changes nothing, whoever publishes it has to mend it.',
  });
}
