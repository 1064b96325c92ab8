import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cached, type Report } from '../../cache.ts';
import type { FileEntry } from '../file-source.ts';
import type { Descriptor } from './documents.ts';
import { hexOf, REFERENCE_ANNOTATION } from './layout.ts';
import { tarChunks } from './write-tar.ts';

/** containerd's annotation for the full name of an image in an archive. */
const IMAGE_NAME_ANNOTATION = 'io.containerd.image.name';

/**
 * A tar archive for `ctr -n k8s.io images import`, with some images of a layout under their references; cached.
 * Throws for a reference that the layout has not, with those it has.
 */
export async function imageArchive(layout: string, references: readonly string[], report: Report): Promise<string> {
  const index = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8')) as { manifests: readonly Descriptor[] };
  const chosen = chooseManifests(index.manifests, references);
  const make = async (directory: string) => {
    report(`packing an archive of ${references.length} images`);
    await writeArchive({ layout, manifests: chosen, path: join(directory, FILE) });
  };
  return join(await cached({ name: 'image-archive', inputs: chosen, make }, report), FILE);
}

/** The descriptors of references, annotated as containerd's importer wants them. */
export function chooseManifests(
  manifests: readonly Descriptor[],
  references: readonly string[],
): readonly Descriptor[] {
  const byReference = new Map(manifests.map((manifest) => [manifest.annotations?.[REFERENCE_ANNOTATION], manifest]));
  return references.map((reference) => {
    const found = byReference.get(reference);
    if (!found) throw new Error(`the release has no image ${reference}, but ${[...byReference.keys()].join(', ')}`);
    return { ...found, annotations: { ...found.annotations, [IMAGE_NAME_ANNOTATION]: reference } };
  });
}

const FILE = 'images.tar';

interface Archive {
  readonly layout: string;
  readonly manifests: readonly Descriptor[];
  readonly path: string;
}

async function writeArchive({ layout, manifests, path }: Archive): Promise<void> {
  const digests = new Set<string>();
  for (const { digest, mediaType } of manifests) await collect({ digest, mediaType }, layout, digests);
  const entries: FileEntry[] = [
    { kind: 'text', path: '/oci-layout', content: await readFile(join(layout, 'oci-layout'), 'utf8') },
    { kind: 'text', path: '/index.json', content: JSON.stringify({ schemaVersion: 2, manifests }) },
    ...[...digests].map((digest): FileEntry => {
      const blob = `blobs/sha256/${hexOf(digest)}`;
      return { kind: 'file', path: `/${blob}`, source: join(layout, blob), mode: 0o644 };
    }),
  ];
  await pipeline(Readable.from(tarChunks(entries)), createWriteStream(path));
}

type Reference = Pick<Descriptor, 'digest' | 'mediaType'>;

/** Adds the digests of a blob and of everything it refers to. */
async function collect({ digest, mediaType }: Reference, layout: string, digests: Set<string>): Promise<void> {
  if (digests.has(digest)) return;
  digests.add(digest);
  if (!/(manifest|index|list)\.(v1|list\.v2|v2)\+json$/.test(mediaType)) return;
  const document = JSON.parse(await readFile(join(layout, 'blobs/sha256', hexOf(digest)), 'utf8')) as {
    readonly manifests?: readonly Reference[];
    readonly config?: Reference;
    readonly layers?: readonly Reference[];
  };
  const { manifests = [], config, layers = [] } = document;
  for (const child of [...manifests, ...(config ? [config] : []), ...layers]) await collect(child, layout, digests);
}
