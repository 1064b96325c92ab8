import type { Digest, Manifest, Repository } from './catalogue.ts';
import { type ImageLayout, unservable } from './image-layout.ts';
import { type Descriptor, readManifest } from './manifest-document.ts';
import { manifestKind, mayStayOutside } from './media-types.ts';
import type { Reference } from './reference.ts';
import { shown } from './rules.ts';

interface Draft {
  readonly reference: Pick<Reference, 'host' | 'name'>;
  readonly tags: Map<string, Digest>;
  readonly manifests: Map<Digest, Manifest>;
  readonly blobs: Set<Digest>;
}

/** The repositories of a layout in the making. */
interface Builder {
  add(reference: Reference, entry: Descriptor): void;
  /** Artifacts without a name: each goes where its subject is, which may itself be such an artifact. */
  addReferrers(entries: readonly Descriptor[]): void;
  repositories(): Repository[];
}

export function createLayoutBuilder(layout: ImageLayout): Builder {
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
        throw unservable(layout, `${shown(text)} stands beside the digest ${shown(entry.digest)}`);
      }
      if (tag === undefined) return;
      const other = draft.tags.get(tag) ?? entry.digest;
      if (other !== entry.digest)
        throw unservable(layout, `${shown(text)} names two images: ${other} and ${entry.digest}`);
      draft.tags.set(tag, entry.digest);
    },
    addReferrers(entries) {
      const artifacts = entries.map((entry) => ({
        entry,
        subject: readManifest(entry, documentOf(layout, entry)).subject,
      }));
      const all = () => [...drafts.values()];
      for (let added = true; added; ) {
        added = false;
        for (const { entry, subject } of artifacts) {
          if (subject === undefined) continue;
          for (const draft of all()) {
            if (!draft.manifests.has(subject) || draft.manifests.has(entry.digest)) continue;
            addTree(layout, draft, entry);
            added = true;
          }
        }
      }
      const left = entries.find((entry) => !all().some(({ manifests }) => manifests.has(entry.digest)));
      if (left !== undefined) {
        throw unservable(layout, `${left.digest} has no name and its subject is not there: nobody could ask for it`);
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
      throw unservable(layout, `the index ${entry.digest} has none of its children on the disc`);
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
  if (size !== blob.size) throw unservable(layout, `${of} needs ${sized(blob)}, ${found(size)}`);
  draft.blobs.add(blob.digest);
}

function documentOf(layout: ImageLayout, entry: Descriptor): unknown {
  const size = layout.sizes.get(entry.digest);
  if (size !== entry.size) throw unservable(layout, `the layout names ${sized(entry)}, ${found(size)}`);
  if (!layout.documents.has(entry.digest)) throw unservable(layout, `the manifest ${shown(entry.digest)} was not read`);
  return layout.documents.get(entry.digest);
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
