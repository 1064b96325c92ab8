import { createWriteStream } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isMetalK8sError, MetalK8sError } from '../errors/metalk8s-error.ts';
import type { Digest } from '../registry/catalogue.ts';
import { LAYOUT_MARK, layoutIndex } from '../registry/layout-index.ts';
import { type Descriptor, readManifest } from '../registry/manifest-document.ts';
import { isFor, platformStated } from '../registry/platform.ts';
import { entriesOf, nameOfEntry } from '../registry/read-image-layout.ts';
import { parseReference } from '../registry/reference.ts';
import { LARGEST_MANIFEST } from '../registry/rules.ts';
import { tarChunks } from './tar-chunks.ts';

export interface SeedRequest {
  /** Absolute path of the image layout of an archive that was verified. */
  readonly layout: string;
  /** Names of images in full, as the layout's index has them, or by the digest that it has for a tag of theirs. */
  readonly references: readonly string[];
  /** Of the host, `linux/amd64`: of an index, only what this one needs goes along. */
  readonly platform: string;
  /** Where the tar goes; it is there whole or not at all. */
  readonly output: string;
}

/**
 * Writes the images that a host needs before its registry runs as a tar for `seedImport`. They keep their digests, those of indexes
 * included, and can be named by them: containerd finds an image under no name but those that it was imported with. Throws a
 * `VERIFICATION_FAILED` for a layout that lacks an image or a part of it, and a `STEP_FAILED` when the output cannot be written.
 */
export async function writeSeedArchive({ layout, references, platform, output }: SeedRequest): Promise<void> {
  const named = await entriesByName(layout);
  const images = references.flatMap((reference) => {
    const { host, name, digest } = parseReference(reference, layout);
    const isMeant = ([its, entry]: readonly [string, Descriptor]) =>
      entry.digest === digest && its.startsWith(`${host}/${name}:`);
    const entry = named.get(reference) ?? [...named].find(isMeant)?.[1];
    if (entry === undefined) throw incomplete(layout, `its index does not name ${reference}`);
    return [...new Set([reference, `${host}/${name}@${entry.digest}`])].map((each) => ({ ...entry, reference: each }));
  });
  const blobs = new Map<Digest, number>();
  for (const image of images) await collect(image, { layout, platform, blobs });
  const files = [...blobs].map(([digest, size]) => ({
    path: blobPath(digest),
    file: join(layout, blobPath(digest)),
    size,
  }));
  const chunks = tarChunks([
    { path: 'oci-layout', content: LAYOUT_MARK },
    { path: 'index.json', content: layoutIndex(images) },
    ...files.sort((left, right) => (left.path < right.path ? -1 : 1)),
  ]);
  const partial = `${output}.partial`;
  try {
    await pipeline(chunks, createWriteStream(partial, { flush: true }));
    await rename(partial, output);
  } catch (error) {
    await rm(partial, { force: true });
    throw isMetalK8sError(error) ? error : unwritten(output, error);
  }
}

/**
 * Words for `ctr` that import a seed archive, so that the kubelet's image collection leaves its images alone: containerd tells the kubelet
 * that an image is pinned when any of its names has this label (containerd's `internal/cri/labels`). `--local`: containerd's own transfer service
 * unpacks without its `sync_fs`, so that a power cut soon after leaves images with empty files.
 */
export function seedImport(archive: string): string[] {
  return [
    '--namespace',
    'k8s.io',
    'images',
    'import',
    '--local',
    '--label',
    'io.cri-containerd.pinned=pinned',
    archive,
  ];
}

interface Collecting {
  readonly layout: string;
  readonly platform: string;
  readonly blobs: Map<Digest, number>;
}

/** Notes an image with everything that it is made of on this platform. */
async function collect(root: Descriptor, { layout, platform, blobs }: Collecting): Promise<void> {
  const queue = [root];
  for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
    if (blobs.has(entry.digest)) continue;
    blobs.set(entry.digest, entry.size);
    const document = await readJson(join(layout, blobPath(entry.digest)), LARGEST_MANIFEST, layout);
    const { blobs: parts, children } = readManifest(entry, document);
    for (const { digest, size } of parts) blobs.set(digest, size);
    const stated = (document as { readonly manifests?: readonly unknown[] }).manifests ?? [];
    for (const [position, child] of children.entries()) {
      const own = platformStated(stated[position]);
      if (own === undefined || isFor(platform, own)) queue.push(child);
    }
  }
}

async function entriesByName(layout: string): Promise<Map<string, Descriptor>> {
  const index = await readJson(join(layout, 'index.json'), LARGEST_INDEX, layout);
  const entries = entriesOf({ index, documents: new Map(), sizes: new Map(), where: layout });
  return new Map(entries.map((entry) => [nameOfEntry(entry) ?? '', entry]));
}

/** Bytes; ten thousand images fit. */
const LARGEST_INDEX = 16 * 1024 * 1024;

async function readJson(file: string, limit: number, layout: string): Promise<unknown> {
  try {
    const { size } = await stat(file);
    if (size > limit) throw new Error(`it has ${size} bytes, at most ${limit} are read`);
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw incomplete(layout, `${file} cannot be read`, cause);
  }
}

function blobPath(digest: Digest): string {
  return `blobs/sha256/${digest.slice('sha256:'.length)}`;
}

function unwritten(output: string, cause: unknown): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', 'The images that a host begins with cannot be written', {
    where: output,
    hint: 'See to it that there is room and that we may write there, then run again.',
    cause,
  });
}

function incomplete(layout: string, why: string, cause?: unknown): MetalK8sError {
  return new MetalK8sError('VERIFICATION_FAILED', `The images of the archive are not complete: ${why}`, {
    where: layout,
    hint: 'Verify the archive; if it is damaged, copy it again.',
    ...(cause === undefined ? {} : { cause }),
  });
}
