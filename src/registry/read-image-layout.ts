import type { Catalogue, Digest } from './catalogue.ts';
import { checkCatalogue } from './check-catalogue.ts';
import { type ImageLayout, unservable } from './image-layout.ts';
import { createLayoutBuilder } from './layout-builder.ts';
import { type Descriptor, readDescriptor, readManifest } from './manifest-document.ts';
import { parseReference } from './reference.ts';

/**
 * The catalogue of an image layout. Entries of `index.json` are named by `io.containerd.image.name`, else by
 * `org.opencontainers.image.ref.name`, in full: host, name, and a tag or a digest. An entry without a name is an artifact that
 * belongs to every repository that holds its subject. Indexes may be sparse: children that are not on the disc are left out.
 * Repositories, tags and digests come sorted. Throws a `RELEASE_INVALID` that names the image at fault.
 */
export function readImageLayout(layout: ImageLayout): Catalogue {
  const builder = createLayoutBuilder(layout);
  const unnamed: Descriptor[] = [];
  for (const entry of entriesOf(layout)) {
    const reference = nameOfEntry(entry);
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

/** The entries of `index.json`. */
export function entriesOf(layout: ImageLayout): readonly Descriptor[] {
  const { index, where } = layout;
  const manifests: unknown =
    typeof index === 'object' && index !== null && 'manifests' in index ? index.manifests : undefined;
  if (!Array.isArray(manifests)) throw unservable(layout, 'index.json has no list of manifests');
  return manifests.map((entry, position) => readDescriptor(entry, `${where}/index.json: entry ${position + 1}`));
}

/** What an entry of `index.json` is named: containerd's annotation in full, else OCI's. */
export function nameOfEntry({ annotations }: Descriptor): string | undefined {
  const name = (key: string) => (Object.hasOwn(annotations, key) ? annotations[key] : undefined);
  return name('io.containerd.image.name') ?? name('org.opencontainers.image.ref.name');
}
