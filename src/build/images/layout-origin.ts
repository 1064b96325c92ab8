import { constants, copyFile, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { Digest } from '../../registry/catalogue.ts';
import { type Descriptor, readDescriptor } from '../../registry/manifest-document.ts';
import { nameOfEntry } from '../../registry/read-image-layout.ts';
import { LARGEST_MANIFEST } from '../../registry/rules.ts';
import type { ImageSource } from '../../release/sources.ts';
import { hexOf } from './blob-store.ts';
import type { Origin } from './origin.ts';
import type { Fetching } from './registry-origin.ts';
import { FINISHED } from './staging.ts';

type LayoutSource = Extract<ImageSource, { kind: 'layout' }>;

/** Bytes; ten thousand images fit. */
const LARGEST_INDEX = 16 * 1024 * 1024;

/**
 * An image of an OCI image layout, named in full in its index. Blobs are copied, by reference where the file system can: whoever changes
 * the layout later does not change the store.
 */
export function layoutOrigin(reference: string, source: LayoutSource, { store, staging }: Fetching): Origin {
  const { directory } = source;
  const where = `${reference}, in the layout ${directory}`;

  async function read(path: string, limit: number): Promise<Buffer> {
    const file = join(directory, path);
    const found = await stat(file).catch((cause: unknown) => {
      throw fault(where, `${file} cannot be read`, cause);
    });
    if (!found.isFile()) throw fault(where, `${file} is no file`);
    if (found.size > limit) throw fault(where, `${file} has ${found.size} bytes; at most ${limit} are read`);
    return readFile(file);
  }

  const document = (digest: Digest) => read(blobPath(digest), LARGEST_MANIFEST);
  return {
    where,
    async top() {
      const descriptor = entryOf(await read('index.json', LARGEST_INDEX), source.reference, where);
      return { content: await document(descriptor.digest), descriptor };
    },
    document,
    async fetchBlobs({ blobs }, stop, watch) {
      const own = await staging.directory();
      await mkdir(join(own, FINISHED), { recursive: true });
      const watched = watch({ directory: own, expected: Number.POSITIVE_INFINITY, where }, stop);
      try {
        for (const { digest, size } of blobs) {
          watched.stop.throwIfAborted();
          if ((await store.size(digest)) !== undefined) continue;
          const from = join(directory, blobPath(digest));
          const found = await stat(from).catch((cause: unknown) => {
            throw fault(where, `${from} cannot be read`, cause);
          });
          if (!found.isFile() || found.size !== size) throw fault(where, `${from} is not a file of ${size} bytes`);
          const copy = join(own, FINISHED, hexOf(digest));
          await copyFile(from, copy, constants.COPYFILE_FICLONE);
          if (!(await store.adopt(copy, digest))) throw altered(where, from);
        }
      } finally {
        watched.end();
        await rm(own, { recursive: true, force: true });
      }
    },
  };
}

function blobPath(digest: Digest): string {
  return `blobs/sha256/${hexOf(digest)}`;
}

function entryOf(content: Buffer, reference: string, where: string): Descriptor {
  const found = new Map<Digest, Descriptor>();
  for (const [position, value] of manifestsOf(content, where).entries()) {
    const entry = readDescriptor(value, `${where}: index.json: entry ${position + 1}`);
    if (nameOfEntry(entry) === reference) found.set(entry.digest, entry);
  }
  const [entry, other] = found.values();
  if (entry === undefined) throw fault(where, `its index.json does not name ${reference}`);
  if (other !== undefined) throw fault(where, `its index.json names two: ${entry.digest} and ${other.digest}`);
  return entry;
}

function manifestsOf(content: Buffer, where: string): readonly unknown[] {
  let index: unknown;
  try {
    index = JSON.parse(content.toString('utf8'));
  } catch (cause) {
    throw fault(where, 'its index.json is no JSON', cause);
  }
  const manifests = typeof index === 'object' && index !== null && 'manifests' in index ? index.manifests : undefined;
  if (!Array.isArray(manifests)) throw fault(where, 'its index.json has no list of manifests');
  return manifests;
}

function fault(where: string, why: string, cause?: unknown): MetalK8sError {
  return new MetalK8sError('RELEASE_INVALID', `The image cannot be read: ${why}`, {
    where,
    hint: 'Correct the mirrors file or the reference in the release list, or put the image into the layout.',
    ...(cause === undefined ? {} : { cause }),
  });
}

function altered(where: string, file: string): MetalK8sError {
  return new MetalK8sError('VERIFICATION_FAILED', `The image cannot be read: ${file} is not what its digest says`, {
    where,
    hint: 'Make the layout anew: somebody changed it, or a disk is broken.',
  });
}
