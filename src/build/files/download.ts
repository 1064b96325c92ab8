import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredSource } from '../../disc/disc-file.ts';
import { isMetalK8sError, MetalK8sError } from '../../errors/metalk8s-error.ts';
import { isOfOurDisk, isUnknownCertificate, reasonOf, UnfitAnswer, unfetched, unusableDisk } from './failures.ts';
import { contentOf, type Remembered } from './file-cache.ts';
import type { HttpAnswer } from './http-client.ts';
import { LARGEST_FILE, type Means, type WantedFile } from './wanted-file.ts';

/** Pauses before the next try, milliseconds. */
const PAUSES = [1000, 2000, 4000, 8000, 16_000];

/** The longest that a server may make us wait. */
const LONGEST_PAUSE = 60_000;

/** A try that brought this much makes the count of tries begin again. */
const GAIN = 1024 ** 2;

/** A download as far as it has come. */
interface Download extends Means, Pick<WantedFile, 'pin'> {
  readonly url: string;
  readonly path: string;
  /** Of the content in `path`, if it has one that is equal only for equal bytes. */
  etag: string | undefined;
  /** What the address gave in an earlier build. */
  readonly known: (Remembered & { readonly stored: StoredSource }) | undefined;
}

/**
 * Brings the content of an address into the cache. What an earlier try, or an earlier build of pinned content, has got is not sent
 * again. Passing failures are tried again after growing pauses.
 */
export async function download(url: string, { pin }: WantedFile, means: Means): Promise<StoredSource> {
  const { cache } = means;
  const path = await cache.claim(`${url} ${pin?.sha256 ?? ''}`);
  const known = pin === undefined ? await knownContent(url, means) : undefined;
  try {
    // Of content that nobody pinned, nobody knows what the rest of an earlier build belongs to.
    if (pin === undefined) await cache.discard(path);
    return await tries({ ...means, pin, url, path, etag: undefined, known });
  } finally {
    if (pin === undefined) await cache.discard(path);
    else await cache.unclaim(path);
  }
}

async function knownContent(url: string, { cache }: Means): Promise<Download['known']> {
  const remembered = await cache.remembered(url);
  const stored = remembered && (await cache.find(remembered.sha256));
  return remembered && stored && { ...remembered, stored };
}

async function tries(job: Download): Promise<StoredSource> {
  const { url, stop, report } = job;
  for (let failed = 1; ; failed++) {
    const before = await sizeOf(job.path);
    try {
      return await once(job);
    } catch (error) {
      stop.throwIfAborted();
      if (isMetalK8sError(error)) throw error;
      if (isOfOurDisk(error)) throw unusableDisk(error, job.path);
      if ((await sizeOf(job.path)) - before >= GAIN) failed = 1;
      const pause = PAUSES[failed - 1];
      const passing = error instanceof UnfitAnswer ? error.passing : !isUnknownCertificate(error);
      if (pause === undefined || !passing) throw unfetched(error, { url, tries: failed });
      const wished = error instanceof UnfitAnswer ? (error.retryAfter ?? 0) : 0;
      const wait = Math.min(Math.max(pause, wished), LONGEST_PAUSE);
      report.retried(failed, `${new URL(url).host}: ${reasonOf(error)}`, wait);
      await sleep(wait, undefined, { signal: stop }).catch(() => stop.throwIfAborted());
    }
  }
}

/** One try, which begins where the last one ended. */
async function once(job: Download): Promise<StoredSource> {
  const { url, path, cache, client, stop, pin, known } = job;
  const from = await sizeOf(path);
  const answer = await client.get(url, questionHeaders(job, from), stop);
  if (answer.status === 304 && known !== undefined && from === 0) {
    answer.body.destroy();
    return known.stored;
  }
  const resumed = answer.status === 206 && rangeStart(answer) === from && from > 0;
  if (answer.status !== 200 && !resumed) {
    answer.body.destroy();
    // What is there does not fit what the server has: 416 for a file that is complete or longer, 206 of another part.
    if (from === 0) throw new UnfitAnswer(answer.status, answer.headers['retry-after']);
    if ([206, 416].includes(answer.status)) return wholeOrAgain(job);
    throw new UnfitAnswer(answer.status, answer.headers['retry-after']);
  }
  job.etag = strongEtag(answer);
  job.brought?.();
  await write(job, answer, resumed ? from : 0);
  const content = await contentOf(path);
  if (resumed && pin !== undefined && content.sha256 !== pin.sha256) return again(job);
  const stored = pin === undefined || content.sha256 === pin.sha256 ? await cache.keep(path, content) : undefined;
  if (pin === undefined && stored !== undefined && job.etag !== undefined) {
    await cache.remember(url, { etag: job.etag, sha256: content.sha256 });
  }
  // What is not as pinned is told by who compares, and not kept.
  if (stored === undefined) await cache.discard(path);
  return stored ?? { file: path, ...content };
}

/** A build was killed after the last byte, before it looked at them. */
async function wholeOrAgain(job: Download): Promise<StoredSource> {
  const content = await contentOf(job.path);
  return content.sha256 === job.pin?.sha256 ? job.cache.keep(job.path, content) : again(job);
}

async function again(job: Download): Promise<StoredSource> {
  await job.cache.discard(job.path);
  return once(job);
}

function questionHeaders({ etag, known, pin }: Download, from: number): Record<string, string> {
  if (from > 0 && etag !== undefined) return { range: `bytes=${from}-`, 'if-range': etag };
  if (from > 0 && pin !== undefined) return { range: `bytes=${from}-` };
  return from === 0 && known !== undefined ? { 'if-none-match': known.etag } : {};
}

async function write({ path, pin, stop, told }: Download, answer: HttpAnswer, from: number): Promise<void> {
  const encoding = answer.headers['content-encoding'] ?? 'identity';
  const limit = pin?.size ?? LARGEST_FILE;
  const length = Number(answer.headers['content-length'] ?? 0);
  if (encoding !== 'identity' || from + length > limit) {
    answer.body.destroy();
    throw encoding === 'identity' ? tooLarge(answer, limit) : refusedEncoding(answer, encoding);
  }
  let size = from;
  const counted = async function* (body: AsyncIterable<Buffer>) {
    for await (const part of body) {
      size += part.length;
      if (size > limit) throw tooLarge(answer, limit);
      told(size);
      yield part;
    }
  };
  await pipeline(answer.body, counted, createWriteStream(path, { flags: from === 0 ? 'w' : 'a' }), {
    signal: stop,
  });
}

function tooLarge({ from }: HttpAnswer, limit: number): MetalK8sError {
  return new MetalK8sError('VERIFICATION_FAILED', `A file has more than the ${limit} bytes that it may have`, {
    where: from,
    hint: 'Find out what the address gives, and mend it in the release list, or pin what it gives now by --update-lock.',
  });
}

function refusedEncoding({ from }: HttpAnswer, encoding: string): MetalK8sError {
  return new MetalK8sError(
    'VERIFICATION_FAILED',
    `A file is sent as ${JSON.stringify(encoding)}, which nobody asked for`,
    {
      where: from,
      hint: 'Name another address of the file, or a mirror of it by --mirrors.',
    },
  );
}

function rangeStart({ headers }: HttpAnswer): number | undefined {
  const [, start] = /^bytes (\d+)-/.exec(headers['content-range'] ?? '') ?? [];
  return start === undefined ? undefined : Number(start);
}

function strongEtag({ headers }: HttpAnswer): string | undefined {
  return headers.etag !== undefined && /^"[\x21\x23-\x7e]*"$/.test(headers.etag) ? headers.etag : undefined;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
