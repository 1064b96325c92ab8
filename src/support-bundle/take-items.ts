import { isMetalK8sError } from '../errors/metalk8s-error.ts';
import type { Command, CommandResult, Host } from '../hosts/host.ts';
import type { TakenItem } from './bundle-entry.ts';
import { apiProbe, type CommandItem, clusterItems, type FilesItem, isOwnPod, PODS_LOGS } from './bundle-items.ts';
import { findFiles } from './find-files.ts';
import { holdsSecrets } from './holds-secrets.ts';
import { oldestFirst } from './oldest-first.ts';

/** How long a program has. */
const DEADLINE_MS = 30_000;

/** Of each file, so many bytes at its end. */
const LARGEST_FILE = 8 * 1024 * 1024;

/** What programs of a host tell, one after another. What fails is told, and stops nothing; throws only the reason of `stop`. */
export async function* takeCommands(
  host: Host,
  items: readonly CommandItem[],
  stop: AbortSignal,
): AsyncGenerator<TakenItem> {
  for (const item of items) yield await takeCommand(host, item, stop);
}

/** Objects of the API, where it answers. */
export async function* takeCluster(host: Host, stop: AbortSignal): AsyncGenerator<TakenItem> {
  const probe = await takeCommand(host, apiProbe, stop);
  yield probe;
  if (probe.state === 'taken') return yield* takeCommands(host, clusterItems, stop);
  const reason = 'the API did not answer';
  for (const { command } of clusterItems) yield { ...nothing(command.join(' ')), state: 'skipped', reason };
}

/** Files of a host. `since`: seconds since 1970. */
export async function* takeFiles(
  host: Host,
  items: readonly FilesItem[],
  since: number,
  stop: AbortSignal,
): AsyncGenerator<TakenItem> {
  for (const { roots, recent } of items) {
    const found = await attempt(() => findFiles(host, roots, stop, recent && since), stop);
    if ('reason' in found) yield { ...nothing(roots.join(' ')), reason: found.reason };
    else for (const path of found.value.filter((each) => !holdsSecrets(each))) yield await takeFile(host, path, stop);
  }
}

/** Logs of the pods that are ours, and of Kubernetes itself. */
export async function* takePodLogs(host: Host, since: number, stop: AbortSignal): AsyncGenerator<TakenItem> {
  const listed = await attempt(() => host.files.list(PODS_LOGS), stop);
  if ('reason' in listed) return yield { ...nothing(PODS_LOGS), reason: listed.reason };
  const folders = (listed.value ?? []).filter(isOwnPod).map((name) => `${PODS_LOGS}/${name}`);
  if (folders.length > 0) yield* takeFiles(host, [{ roots: folders, recent: true }], since, stop);
}

async function takeCommand(host: Host, item: CommandItem, stop: AbortSignal): Promise<TakenItem> {
  const { path, command, newestFirst = false, exits = [] } = item;
  const source = command.join(' ');
  const ended = await attempt((limit) => host.run(command, { stop: limit }), stop);
  if ('reason' in ended) return { ...nothing(source), reason: ended.reason };
  const { exitCode, stderr } = ended.value;
  const stdout = newestFirst ? oldestFirst(ended.value.stdout) : ended.value.stdout;
  const text = stderr === '' ? stdout : `${stdout}${stdout === '' || stdout.endsWith('\n') ? '' : '\n'}${stderr}`;
  const failed = exitCode !== 0 && !exits.includes(exitCode);
  return {
    path: text === '' && failed ? null : path,
    source,
    text,
    state: failed ? 'failed' : 'taken',
    reason: failed ? `exit status ${exitCode}` : null,
  };
}

async function takeFile(host: Host, source: string, stop: AbortSignal): Promise<TakenItem> {
  const command: Command = ['tail', `--bytes=${LARGEST_FILE + 1}`, '--', source];
  const ended = await attempt<CommandResult>((limit) => host.run(command, { stop: limit }), stop);
  if ('reason' in ended) return { ...nothing(source), reason: ended.reason };
  const { exitCode, stdout, stderr } = ended.value;
  if (exitCode !== 0) return { ...nothing(source), reason: stderr.trim() || `exit status ${exitCode}` };
  if (stdout.includes('\0')) return { ...nothing(source), state: 'skipped', reason: 'it is no text' };
  const path = `files/${source.slice(1)}`;
  if (Buffer.byteLength(stdout) <= LARGEST_FILE) return { path, source, text: stdout, state: 'taken', reason: null };
  // The line that was cut may be the rest of a secret that is not known by its rest.
  const text = stdout.slice(stdout.indexOf('\n') + 1);
  return { path, source, text, state: 'cut', reason: `longer than ${LARGEST_FILE} bytes: its end` };
}

function nothing(source: string): TakenItem & { path: null } {
  return { path: null, source, text: '', state: 'failed', reason: null };
}

type Attempt<Value> = { readonly value: Value } | { readonly reason: string };

async function attempt<Value>(
  work: (limit: AbortSignal) => Promise<Value>,
  stop: AbortSignal,
): Promise<Attempt<Value>> {
  stop.throwIfAborted();
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  try {
    return { value: await work(AbortSignal.any([stop, deadline])) };
  } catch (error) {
    stop.throwIfAborted();
    if (deadline.aborted) return { reason: `no answer within ${DEADLINE_MS / 1000} seconds` };
    if (isMetalK8sError(error)) return { reason: error.message };
    throw error;
  }
}
