import type { StoredSource } from '../../disc/disc-file.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { StepReport } from '../../events/step-report.ts';
import type { LockedFile } from '../../release/lock.ts';
import type { ReleaseFile } from '../../release/release.ts';
import type { FileSource } from '../../release/sources.ts';
import type { BuildContext } from '../build-context.ts';
import { together } from '../together.ts';
import { bring } from './bring.ts';
import { openFileCache } from './file-cache.ts';
import { createHttpClient } from './http-client.ts';
import type { Pin } from './pin.ts';

export interface FilesRequest {
  /** Each with where it comes from: its own address, or what a mirror has in its place. */
  readonly files: readonly (ReleaseFile & { readonly source: FileSource })[];
  /** The files of a lock. When given, nothing else is taken. */
  readonly locked?: readonly LockedFile[];
}

export interface FetchedFiles {
  /** Sorted by address, each once. */
  readonly files: LockedFile[];
  /** By the address in the release list, whatever mirror they came from. */
  readonly stored: ReadonlyMap<string, StoredSource>;
}

/**
 * Brings the upstream files of a release into the cache, several at once. What is pinned and there is not fetched again; what is not
 * pinned is asked for each time, and sent only when it has changed. Proxies are those of `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`,
 * certificates those of the system, or of `SSL_CERT_FILE` alone.
 * Throws `RELEASE_INVALID` for a file that the lock lacks or upstream has not, `VERIFICATION_FAILED` for other content than was
 * pinned, `HOST_UNREACHABLE` when nobody answers after several tries.
 */
export async function fetchFiles(
  { files, locked }: FilesRequest,
  context: BuildContext,
  report: StepReport,
): Promise<FetchedFiles> {
  const wanted = [...Map.groupBy(files, ({ url }) => url)]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([url, named]) => ({ url, source: sourceOf(named), pin: pinOf(url, named, locked) }));
  const cache = await openFileCache(context.cache);
  const client = createHttpClient(context.env);
  const tally = createTally(
    wanted.map(({ pin }) => pin?.size),
    report,
  );
  const stored = new Map<string, StoredSource>();
  let unchanged = true;
  const brought = () => {
    unchanged = false;
  };
  const queue = wanted.entries();
  const work = async (stop: AbortSignal) => {
    for (const [position, { url, source, pin }] of queue) {
      stop.throwIfAborted();
      stored.set(
        url,
        await bring({ url, source, pin }, { cache, client, stop, report, told: tally(position), brought }),
      );
    }
  };
  try {
    await together(context.stop, Array(Math.max(1, context.concurrency)).fill(work));
  } finally {
    client.close();
  }
  if (unchanged) report.unchanged();
  return { files: wanted.map(({ url }) => lockedFile(url, stored)), stored };
}

function sourceOf(named: FilesRequest['files']): FileSource {
  const [first] = named;
  if (first === undefined) throw new MetalK8sError('INTERNAL', 'a file without a source');
  return first.source;
}

/** What the content must be, from the list and from the lock, which may not disagree. */
function pinOf(url: string, named: FilesRequest['files'], locked: FilesRequest['locked']): Pin | undefined {
  const sums = new Set(named.flatMap(({ sha256 }) => sha256 ?? []));
  if (sums.size > 1) {
    throw new MetalK8sError(
      'RELEASE_INVALID',
      `The release list pins ${url} to two checksums: ${[...sums].join(', ')}`,
    );
  }
  const [sum] = sums;
  if (locked === undefined) return sum === undefined ? undefined : { sha256: sum, by: 'the release list' };
  const entry = locked.find((file) => file.url === url);
  if (entry === undefined) {
    throw new MetalK8sError('RELEASE_INVALID', `The lock has no checksum of ${url}`, {
      hint: 'Build with --update-lock, and look at what changes in the lock.',
    });
  }
  if (sum !== undefined && sum !== entry.sha256) {
    throw new MetalK8sError('RELEASE_INVALID', `The release list pins ${url} to ${sum}, the lock to ${entry.sha256}`, {
      hint: 'When the list is right, build with --update-lock.',
    });
  }
  return { sha256: entry.sha256, size: entry.size, by: 'the lock' };
}

/** Bytes of all files together; the total is known when every size is. */
function createTally(sizes: readonly (number | undefined)[], report: StepReport) {
  const done = sizes.map(() => 0);
  const known = sizes.every((size) => size !== undefined);
  const total = known ? sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) : undefined;
  return (position: number) => (bytes: number) => {
    done[position] = bytes;
    report.progress(
      done.reduce((sum, each) => sum + each, 0),
      total,
      'bytes',
    );
  };
}

function lockedFile(url: string, stored: ReadonlyMap<string, StoredSource>): LockedFile {
  const file = stored.get(url);
  if (file === undefined) throw new MetalK8sError('INTERNAL', `${url} was not fetched`);
  return { url, sha256: file.sha256, size: file.size };
}
