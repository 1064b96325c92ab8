import type { TarFile } from '../archive/tar-chunks.ts';
import { maskCredentials } from '../errors/mask-credentials.ts';
import type { Secrets } from '../errors/secrets.ts';
import { observeHost } from '../facts/gather.ts';
import { preflightQuestions } from '../facts/preflight-questions.ts';
import type { Host } from '../hosts/host.ts';
import type { BundleEntry, TakenItem } from './bundle-entry.ts';
import { fileItems, hostItems } from './bundle-items.ts';
import { BUNDLE_FOLDER, bundlePath } from './bundle-path.ts';
import { indexText } from './index-text.ts';
import { markKnownSecrets } from './known-secrets.ts';
import { takeCluster, takeCommands, takeFiles, takePodLogs } from './take-items.ts';
import { writeBundle } from './write-bundle.ts';

export interface BundleRequest {
  readonly host: Host;
  /** The file to be written. */
  readonly output: string;
  /** Journals and logs since then. */
  readonly since: Date;
  readonly now: Date;
  /** Version of the program. */
  readonly version: string;
  readonly secrets: Secrets;
  readonly stop: AbortSignal;
  /** Told before each part. */
  readonly part: (part: BundlePart) => void;
}

export type BundlePart = 'secrets' | 'facts' | 'programs' | 'files' | 'pods' | 'cluster';

export interface BundleReport {
  readonly file: string;
  readonly bytes: number;
  readonly entries: readonly BundleEntry[];
}

/**
 * Writes what somebody needs who is to find out what is wrong with a host: journals, logs, configuration, facts, runs, objects. It reads alone;
 * what cannot be read is told in the index. Secrets are not taken, and what looks like one is masked.
 */
export async function makeBundle(request: BundleRequest): Promise<BundleReport> {
  const entries: BundleEntry[] = [];
  const bytes = await writeBundle(request.output, bundleFiles(request, entries), request.now);
  return { file: request.output, bytes, entries };
}

async function* bundleFiles(request: BundleRequest, entries: BundleEntry[]): AsyncGenerator<TarFile> {
  const { host, now, since, version, secrets } = request;
  const redacted = (text: string) => maskCredentials(secrets.redact(text));
  const paths = new Set<string>();
  for await (const item of takeAll(request)) {
    const { text, ...entry } = item;
    const content = Buffer.from(redacted(text));
    const path = item.path === null ? null : unused(paths, bundlePath(redacted(item.path)));
    const reason = item.reason && redacted(item.reason);
    entries.push({ ...entry, path, source: redacted(item.source), reason, bytes: content.length });
    if (path !== null) yield { path, content };
  }
  const index = { host: host.name, version, date: now.toISOString(), since: since.toISOString(), entries };
  yield { path: `${BUNDLE_FOLDER}/index.json`, content: Buffer.from(`${JSON.stringify(index, null, 2)}\n`) };
  yield { path: `${BUNDLE_FOLDER}/README.txt`, content: Buffer.from(indexText(index)) };
}

async function* takeAll({ host, since, secrets, stop, part }: BundleRequest): AsyncGenerator<TakenItem> {
  const seconds = Math.floor(since.getTime() / 1000);
  part('secrets');
  for (const source of await markKnownSecrets(host, secrets, stop)) {
    const reason = 'it could not be read, so what is in it may stand in other files';
    yield { path: null, source, text: '', state: 'skipped', reason };
  }
  part('facts');
  yield await takeFacts(host, stop);
  part('programs');
  yield* takeCommands(host, hostItems(seconds), stop);
  part('files');
  yield* takeFiles(host, fileItems, seconds, stop);
  part('pods');
  yield* takePodLogs(host, seconds, stop);
  part('cluster');
  yield* takeCluster(host, stop);
}

/** The disk is not measured: nothing is written. */
async function takeFacts(host: Host, stop: AbortSignal): Promise<TakenItem> {
  const { etcdDirectory: _, ...questions } = preflightQuestions;
  const source = 'facts of the host';
  try {
    const facts = await observeHost(host, questions, stop);
    return { path: 'facts.json', source, text: `${JSON.stringify(facts, null, 2)}\n`, state: 'taken', reason: null };
  } catch (error) {
    stop.throwIfAborted();
    return {
      path: null,
      source,
      text: '',
      state: 'failed',
      reason: error instanceof Error ? error.message : String(error),
    };
  }
}

/** Names of a host that differ in characters which a bundle does not take are told apart. */
function unused(paths: Set<string>, path: string): string {
  let name = path;
  for (let number = 2; paths.has(name); number++) name = `${path}~${number}`;
  paths.add(name);
  return name;
}
