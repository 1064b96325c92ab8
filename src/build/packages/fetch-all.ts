import { fileURLToPath } from 'node:url';
import type { StoredSource } from '../../disc/disc-file.ts';
import type { StepReport } from '../../events/step-report.ts';
import type { FileSource } from '../../release/sources.ts';
import type { BuildContext } from '../build-context.ts';
import { bring } from '../files/bring.ts';
import { openFileCache } from '../files/file-cache.ts';
import { createHttpClient } from '../files/http-client.ts';
import type { WantedFile } from '../files/wanted-file.ts';
import { together } from '../together.ts';

/** Files of a repository in the cache of files, in the order in which they were asked for; several are fetched at once. */
export async function fetchAll(
  wanted: readonly WantedFile[],
  context: BuildContext,
  report: StepReport,
): Promise<StoredSource[]> {
  const cache = await openFileCache(context.cache);
  const client = createHttpClient(context.env);
  const tally = createTally(wanted, report);
  const stored: StoredSource[] = [];
  const queue = wanted.entries();
  const work = async (stop: AbortSignal) => {
    for (const [position, each] of queue) {
      stop.throwIfAborted();
      stored[position] = await inTurn(`${context.cache} ${each.url}`, () =>
        bring(each, { cache, client, stop, report, told: tally(position) }),
      );
    }
  };
  try {
    await together(context.stop, Array(Math.max(1, Math.min(context.concurrency, wanted.length))).fill(work));
    return stored;
  } finally {
    client.close();
  }
}

const busy = new Map<string, Promise<unknown>>();

/** Platforms are resolved at the same time, and have repositories and packages in common: the second to come finds what the first has fetched. */
async function inTurn<Value>(key: string, work: () => Promise<Value>): Promise<Value> {
  const mine = (busy.get(key) ?? Promise.resolve()).then(work, work);
  busy.set(key, mine);
  try {
    return await mine;
  } finally {
    if (busy.get(key) === mine) busy.delete(key);
  }
}

/** Where what an address names is fetched from: a `file:` address names a path of this machine. */
export function sourceAt(url: string): FileSource {
  return url.startsWith('file:') ? { kind: 'file', path: fileURLToPath(url) } : { kind: 'url', url };
}

/** Bytes of all files together. Small files whose size nobody knows beforehand are not worth a word. */
function createTally(wanted: readonly WantedFile[], report: StepReport) {
  const total = wanted.reduce((sum, { pin }) => sum + (pin?.size ?? 0), 0);
  const done = wanted.map(() => 0);
  return (position: number) => (bytes: number) => {
    done[position] = bytes;
    if (total === 0) return;
    report.progress(
      done.reduce((sum, each) => sum + each, 0),
      total,
      'bytes',
    );
  };
}
