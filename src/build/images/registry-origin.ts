import { constants, copyFile, link, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { StepReport } from '../../events/step-report.ts';
import type { Descriptor } from '../../registry/manifest-document.ts';
import { parseReference } from '../../registry/reference.ts';
import type { BuildContext } from '../build-context.ts';
import { type BlobStore, hexOf } from './blob-store.ts';
import type { Origin } from './origin.ts';
import { retrying } from './retrying.ts';
import { copyBlobs, inspectRaw, type RegistrySource, type RegistryTarget, SkopeoError } from './skopeo.ts';
import { FINISHED, type Staging } from './staging.ts';

/** What fetching needs of its surroundings. */
export interface Fetching {
  readonly store: BlobStore;
  readonly staging: Staging;
  readonly env: BuildContext['env'];
  readonly report: StepReport;
}

/** An image of a registry, which skopeo speaks to with the credentials of the usual auth file. */
export function registryOrigin(reference: string, source: RegistrySource, fetching: Fetching): Origin {
  const { store, staging, env, report } = fetching;
  const where = reference === source.reference ? reference : `${reference}, fetched from ${source.reference}`;
  const { host, name, digest } = parseReference(source.reference, `where ${reference} is fetched from`);
  const exact = (wanted: string) => `${host}/${name}@${wanted}`;

  /** Tries as often as makes sense; what fails for good names the image and the registry. */
  async function attempt<Value>(named: string, stop: AbortSignal, work: (target: RegistryTarget) => Promise<Value>) {
    const target = { reference: named, insecure: source.insecure === true, ...(await certificates()) };
    return retrying({ what: where, stop, report }, () => work(target)).catch((error: unknown) => {
      throw error instanceof SkopeoError ? failure(where, error) : error;
    });
  }

  async function certificates(): Promise<{ certificates?: string }> {
    const { ca } = source;
    if (ca === undefined) return {};
    const directory = await staging.directory();
    await copyFile(ca, join(directory, 'ca.crt')).catch((cause: unknown) => {
      throw new MetalK8sError('RELEASE_INVALID', 'the certificates of a mirror cannot be read', {
        where: ca,
        hint: 'Correct "ca" in the mirrors file.',
        cause,
      });
    });
    return { certificates: directory };
  }

  return {
    where,
    async top(stop) {
      const named = digest === undefined ? source.reference : exact(digest);
      return { content: await attempt(named, stop, (target) => inspectRaw(target, { env, stop })) };
    },
    document: (wanted, stop) => attempt(exact(wanted), stop, (target) => inspectRaw(target, { env, stop })),
    async fetchBlobs({ manifest, blobs }, stop, watch) {
      const directory = await staging.directory();
      const finished = join(directory, FINISHED);
      await mkdir(finished, { recursive: true });
      await attempt(exact(manifest), stop, async (target) => {
        const expected = await linkPresent(store, blobs, finished);
        const watched = watch({ directory, expected, where }, stop);
        try {
          const copy = { target, layout: join(directory, 'layout'), blobs: join(finished, '..') };
          await copyBlobs(copy, { env, stop: watched.stop });
        } finally {
          watched.end();
          await takeOver(store, finished);
        }
      });
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Shows skopeo the blobs that the store has; answers how many bytes may come into the directory. */
async function linkPresent(store: BlobStore, blobs: readonly Descriptor[], finished: string): Promise<number> {
  let bytes = 0;
  for (const { digest, size } of new Map(blobs.map((blob) => [blob.digest, blob])).values()) {
    const present = (await store.size(digest)) !== undefined;
    if (!present || !(await isLinked(store.path(digest), join(finished, hexOf(digest))))) bytes += size;
  }
  return bytes;
}

/** The kernel may forbid links to the files of others (`fs.protected_hardlinks`), in a cache that several people share: then a copy does. */
async function isLinked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    return false;
  }
}

/** Moves what skopeo has finished into the store, also when it was stopped in the middle, and takes the links away. */
async function takeOver(store: BlobStore, finished: string): Promise<void> {
  for (const name of await readdir(finished)) {
    const file = join(finished, name);
    const digest = `sha256:${name}`;
    const taken = (await store.size(digest)) === undefined && (await store.adopt(file, digest));
    if (!taken) await rm(file);
  }
}

function failure(where: string, { kind, message }: SkopeoError): MetalK8sError {
  return new MetalK8sError(kind.code, `The image cannot be fetched: ${kind.message}`, {
    where,
    hint: kind.hint,
    cause: new Error(message),
  });
}
