import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { StepReport } from '../../events/step-report.ts';
import type { Digest } from '../../registry/catalogue.ts';
import type { Descriptor } from '../../registry/manifest-document.ts';
import type { LockedImage } from '../../release/lock.ts';
import type { ImageSource } from '../../release/sources.ts';
import type { BuildContext } from '../build-context.ts';
import { isOfOurDisk, unusableDisk } from '../files/failures.ts';
import { inTurns } from '../in-turns.ts';
import { openBlobStore } from './blob-store.ts';
import { checkPlatforms } from './check-platforms.ts';
import { layoutOrigin } from './layout-origin.ts';
import type { Origin } from './origin.ts';
import { type Fetching, registryOrigin } from './registry-origin.ts';
import { manifestsOf, type ResolvedImage, resolveImage } from './resolve-image.ts';
import { openStaging } from './staging.ts';
import { transferMeter } from './transfer-meter.ts';

/** An image that a release names. */
export interface WantedImage {
  /** In full, as the release list has it. */
  readonly reference: string;
  readonly source: ImageSource;
  /** Nothing else than this is taken. */
  readonly locked?: LockedImage;
}

export interface ImagesRequest {
  readonly images: readonly WantedImage[];
  /** As OCI names them: `linux/amd64`. */
  readonly platforms: readonly string[];
}

/** Images whose blobs are all in the store. */
export interface FetchedImages {
  /** Sorted by reference. */
  readonly images: readonly LockedImage[];
  /** Bytes of every blob, manifests included, by digest. */
  readonly blobs: ReadonlyMap<Digest, number>;
  /** The manifests and indexes among them, parsed. */
  readonly documents: ReadonlyMap<Digest, unknown>;
}

/**
 * Brings images into the store of the cache, `blobs/sha256`, byte for byte. What is there already is not fetched again: a locked image
 * then costs no request, another one for its manifest. Throws a MetalK8sError that names the image and where it was looked for:
 * `RELEASE_INVALID` (not there, no such platform, cannot be carried), `HOST_UNREACHABLE`, `LOGIN_REFUSED`,
 * `VERIFICATION_FAILED` (a digest or certificate, other than the lock says), `STEP_FAILED`.
 */
export async function fetchImages(
  { images, platforms }: ImagesRequest,
  context: BuildContext,
  report: StepReport,
): Promise<FetchedImages> {
  try {
    const store = await openBlobStore(context.cache);
    const staging = await openStaging(context.cache, store);
    try {
      const fetching: Fetching = { store, staging, env: context.env, report };
      const resolved = await resolveAll(distinct(images), platforms, { context, fetching });
      const fetched = await fetchMissing(resolved, { context, fetching });
      for (const image of resolved) await checkPlatforms(image, store);
      if (!fetched) report.unchanged();
      return resultOf(resolved);
    } finally {
      await staging.close();
    }
  } catch (error) {
    throw isOfOurDisk(error) ? unusableDisk(error, context.cache) : error;
  }
}

interface Surroundings {
  readonly context: BuildContext;
  readonly fetching: Fetching;
}

async function resolveAll(
  images: readonly WantedImage[],
  platforms: readonly string[],
  { context: { concurrency, stop }, fetching }: Surroundings,
): Promise<ResolvedImage[]> {
  const resolved: ResolvedImage[] = [];
  await inTurns(images, { concurrency, stop, needs: () => [] }, async ({ reference, source, locked }, either) => {
    const origin = originOf(reference, source, fetching);
    resolved.push(await resolveImage({ reference, origin, platforms, expected: locked }, fetching, either));
    fetching.report.progress(resolved.length, images.length, 'images');
  });
  return resolved.sort((left, right) => (left.locked.reference < right.locked.reference ? -1 : 1));
}

function originOf(reference: string, source: ImageSource, fetching: Fetching): Origin {
  return source.kind === 'registry'
    ? registryOrigin(reference, source, fetching)
    : layoutOrigin(reference, source, fetching);
}

/** One manifest's worth of blobs. */
interface Job {
  readonly origin: Origin;
  readonly digest: Digest;
  readonly blobs: readonly Descriptor[];
}

/** Fetches what the store lacks: each blob once, the largest images first. Answers whether there was anything. */
async function fetchMissing(
  images: readonly ResolvedImage[],
  { context: { concurrency, stop }, fetching: { store, report } }: Surroundings,
): Promise<boolean> {
  const missing = new Map<Digest, number>();
  for (const { origin, blob } of images.flatMap(blobsOf)) {
    if (!(await isPresent(blob))) missing.set(blob.digest, blob.size);
    else if ((await store.size(blob.digest)) !== blob.size) throw wrongSize(origin, blob);
  }
  if (missing.size === 0) return false;

  async function isPresent({ digest, size }: Descriptor): Promise<boolean> {
    const found = await store.size(digest);
    return found === size || (found !== undefined && (await store.verify(digest)));
  }

  const lacking = ({ blobs }: Job) =>
    [...new Set(blobs.map(({ digest }) => digest))].filter((each) => missing.has(each));
  const bytes = (digests: readonly Digest[]) => digests.reduce((sum, digest) => sum + (missing.get(digest) ?? 0), 0);
  const jobs = images
    .flatMap((image) => manifestsOf(image).map((manifest): Job => ({ origin: image.origin, ...manifest })))
    .filter((job) => lacking(job).length > 0)
    .sort((left, right) => bytes(lacking(right)) - bytes(lacking(left)));
  const meter = transferMeter(bytes([...missing.keys()]), report);
  try {
    await inTurns(jobs, { concurrency, stop, needs: lacking }, async (job, either) => {
      const wanted = lacking(job);
      if (wanted.length === 0) return;
      await job.origin.fetchBlobs({ manifest: job.digest, blobs: job.blobs }, either, meter.watch);
      for (const blob of job.blobs) {
        if ((await store.size(blob.digest)) !== blob.size) throw wrongSize(job.origin, blob);
      }
      meter.settle(bytes(wanted));
      for (const digest of wanted) missing.delete(digest);
    });
  } finally {
    meter.close();
  }
  return true;
}

function blobsOf(image: ResolvedImage): { origin: Origin; blob: Descriptor }[] {
  return manifestsOf(image).flatMap(({ blobs }) => blobs.map((blob) => ({ origin: image.origin, blob })));
}

function resultOf(images: readonly ResolvedImage[]): FetchedImages {
  const blobs = new Map<Digest, number>();
  const documents = new Map<Digest, unknown>();
  for (const image of images) {
    for (const { descriptor, json } of image.documents.values()) {
      blobs.set(descriptor.digest, descriptor.size);
      documents.set(descriptor.digest, json);
    }
    for (const { blob } of blobsOf(image)) blobs.set(blob.digest, blob.size);
  }
  return { images: images.map(({ locked }) => locked), blobs, documents };
}

/** Several components may name the same image. */
function distinct(images: readonly WantedImage[]): WantedImage[] {
  const found = new Map<string, WantedImage>();
  for (const image of images) {
    const other = found.get(image.reference);
    if (other !== undefined && JSON.stringify(other) !== JSON.stringify(image)) {
      throw new MetalK8sError('RELEASE_INVALID', 'An image is asked for twice, from different places', {
        where: image.reference,
        hint: 'Name it once.',
      });
    }
    found.set(image.reference, image);
  }
  return [...found.values()];
}

function wrongSize({ where }: Origin, { digest, size }: Descriptor): MetalK8sError {
  return new MetalK8sError(
    'RELEASE_INVALID',
    `The image cannot be carried: ${digest} does not have the ${size} bytes that its manifest says`,
    {
      where,
      hint: 'Take the image out of the release, or have whoever publishes it mend it.',
    },
  );
}
