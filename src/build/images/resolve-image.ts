import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { Digest } from '../../registry/catalogue.ts';
import type { Descriptor } from '../../registry/manifest-document.ts';
import { isFor } from '../../registry/platform.ts';
import type { LockedChild, LockedImage } from '../../release/lock.ts';
import { digestOf } from './blob-store.ts';
import { type ChosenChild, chooseChildren } from './choose-children.ts';
import { lockProblem } from './lock-problem.ts';
import type { FetchedDocument, Origin } from './origin.ts';
import { type ImageDocument, readDocument } from './read-document.ts';
import type { Fetching } from './registry-origin.ts';

/** An image whose documents are known and in the store. */
export interface ResolvedImage {
  readonly origin: Origin;
  readonly locked: LockedImage;
  /** Manifests and indexes by digest. */
  readonly documents: ReadonlyMap<Digest, ImageDocument>;
  /** Wanted platforms that no index has promised; the configurations of `unstated` may still do. */
  readonly open: readonly string[];
  /** Manifests of which no index says what platform they are for. */
  readonly unstated: readonly ImageDocument[];
}

export interface Resolution {
  readonly reference: string;
  readonly origin: Origin;
  readonly platforms: readonly string[];
  readonly expected: LockedImage | undefined;
}

/** Indexes of indexes are allowed; nobody has been seen to nest them more than once. */
const DEEPEST = 4;

/**
 * Fetches the documents of an image: what its reference names (or its lock), and of an index what the platforms need. Throws a
 * `RELEASE_INVALID` for documents that cannot be carried and for anything that differs from the lock.
 */
export async function resolveImage(
  { reference, origin, platforms, expected }: Resolution,
  fetching: Fetching,
  stop: AbortSignal,
): Promise<ResolvedImage> {
  const { where } = origin;
  const documents = new Map<Digest, ImageDocument>();
  const children = new Map<Digest, LockedChild>();
  const unstated: ImageDocument[] = [];
  const stated = new Set<string>();

  async function addTree(document: ImageDocument, depth: number, child?: ChosenChild): Promise<void> {
    documents.set(document.descriptor.digest, document);
    if (document.kind === 'image') {
      if (child?.platform !== undefined) stated.add(child.platform);
      else if (child?.attests === undefined) unstated.push(document);
      return;
    }
    if (depth >= DEEPEST) throw invalid(where, `its indexes are nested more than ${DEEPEST} deep`);
    for (const next of chooseChildren(document, platforms)) {
      const { descriptor, platform } = next;
      const { digest } = descriptor;
      if (documents.has(digest)) continue;
      children.set(digest, { digest, ...(platform === undefined ? {} : { platform }) });
      const content = await contentOf(digest, fetching, () => origin.document(digest, stop), where);
      await addTree(readDocument({ digest, content, descriptor }, where), depth + 1, next);
    }
  }

  const root = await rootOf({ reference, origin, platforms, expected }, fetching, stop);
  await addTree(root, 0);
  const { digest, mediaType, size } = root.descriptor;
  const locked = { reference, digest, mediaType, size, children: [...children.values()].sort(byDigest) };
  const problem = expected === undefined ? undefined : lockProblem(expected, locked);
  if (problem !== undefined) throw differs(where, problem);
  const open = platforms.filter((wanted) => ![...stated].some((platform) => isFor(wanted, platform)));
  return { origin, locked, documents, open, unstated };
}

async function rootOf({ origin, expected }: Resolution, fetching: Fetching, stop: AbortSignal): Promise<ImageDocument> {
  const { where } = origin;
  if (expected === undefined) {
    const { content, descriptor } = await origin.top(stop);
    const digest = descriptor?.digest ?? digestOf(content);
    await contentOf(digest, fetching, async () => content, where);
    return readDocument({ digest, content, ...(descriptor === undefined ? {} : { descriptor }) }, where);
  }
  const { digest } = expected;
  const content = await contentOf(digest, fetching, () => lockedRoot(origin, digest, stop), where);
  return readDocument({ digest, content, descriptor: expected }, where);
}

/** What the lock names. When its origin lacks it, says what the reference names there now. */
async function lockedRoot(origin: Origin, digest: Digest, stop: AbortSignal): Promise<Buffer> {
  try {
    return await origin.document(digest, stop);
  } catch (error) {
    if (!(error instanceof MetalK8sError) || error.code !== 'RELEASE_INVALID') throw error;
    const now = await origin.top(stop).catch(() => undefined);
    const found = now === undefined ? 'nothing' : digestNamed(now);
    if (found === digest) throw error;
    throw differs(origin.where, `the lock has ${digest}, found ${found}`, error);
  }
}

function digestNamed({ descriptor, content }: FetchedDocument): Digest {
  return descriptor?.digest ?? digestOf(content);
}

/** A document from the store, else from where it comes from and then in the store too. */
async function contentOf(
  digest: Digest,
  { store, staging }: Fetching,
  fetch: () => Promise<Buffer>,
  where: string,
): Promise<Buffer> {
  const stored = await store.read(digest);
  if (stored !== undefined) return stored;
  const content = await fetch();
  const found = digestOf(content);
  if (found !== digest) {
    throw new MetalK8sError(
      'VERIFICATION_FAILED',
      `The image cannot be fetched: ${digest} was asked for, ${found} came`,
      {
        where,
        hint: 'Somebody changed it, or a disk or proxy on the way is broken. Ask whoever runs its registry.',
      },
    );
  }
  await staging.keep(content);
  return content;
}

/** The blobs of the manifests of an image, each with the manifest that it is fetched by. */
export function manifestsOf({ documents }: ResolvedImage): { digest: Digest; blobs: readonly Descriptor[] }[] {
  return [...documents.values()]
    .filter(({ kind }) => kind === 'image')
    .map(({ descriptor, parts }) => ({ digest: descriptor.digest, blobs: parts.blobs }));
}

function byDigest(left: LockedChild, right: LockedChild): number {
  return left.digest < right.digest ? -1 : 1;
}

function differs(where: string, problem: string, cause?: unknown): MetalK8sError {
  return new MetalK8sError('RELEASE_INVALID', `The image is not what the lock says: ${problem}`, {
    where,
    hint: 'If the change is wanted, write the lock anew with --update-lock; otherwise ask whoever runs the registry.',
    ...(cause === undefined ? {} : { cause }),
  });
}

function invalid(where: string, message: string): MetalK8sError {
  return new MetalK8sError('RELEASE_INVALID', `The image cannot be carried: ${message}`, {
    where,
    hint: 'Take the image out of the release, or have whoever publishes it mend it.',
  });
}
