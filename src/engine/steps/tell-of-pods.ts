import { maskCredentials } from '../../errors/mask-credentials.ts';
import { counted } from '../../events/words.ts';
import type { Host } from '../../hosts/host.ts';
import { lastLines } from '../../hosts/last-lines.ts';
import { lastKubeletError } from '../../kubernetes/health/kubelet-error.ts';
import { messageOfLogLine } from '../../kubernetes/health/pod-log.ts';
import { askContainerd } from '../leftovers/containers.ts';
import { tryRun } from '../leftovers/try-run.ts';

/** A pod of a host. */
export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

const LOGS = '/var/log/pods';
/** Of each container, the newest lines: the reason of an end is among the last ones. */
const LOG_LINES = 5;
const LONGEST_LINE = 400;
/** The kubelet tells a fault that lasts again and again; what it told before is over. */
const RECENT = '-90s';

/**
 * What a host can say of pods that it runs, without the API: whether their containers run and how often they were started, what the kubelet fails at,
 * and the last lines of their logs. Lines for people, without credentials. What the host does not tell is left out; throws nothing for that.
 */
export async function tellOfPods(host: Host, pods: readonly PodName[]): Promise<readonly string[]> {
  const kubelet =
    (await tryRun(host, ['systemctl', 'show', '--property=ActiveState', '--value', 'kubelet.service'])) ?? '';
  const journal = await tryRun(host, [
    'journalctl',
    '--unit=kubelet.service',
    `--since=${RECENT}`,
    '--output=cat',
    '--quiet',
    '--no-pager',
  ]);
  const running = await runningContainers(host);
  const lines = kubelet.trim() === 'active' || kubelet === '' ? [] : [`kubelet.service is ${kubelet.trim()}`];
  for (const pod of pods) lines.push(...(await tellOfPod(host, pod, { journal: journal ?? '', running })));
  return lines.map((line) => maskCredentials(line).slice(0, LONGEST_LINE));
}

interface Known {
  /** Of the kubelet. */
  readonly journal: string;
  /** Ids of containers; undefined: containerd does not tell. */
  readonly running: ReadonlySet<string> | undefined;
}

async function tellOfPod(host: Host, pod: PodName, { journal, running }: Known): Promise<readonly string[]> {
  const name = `${pod.namespace}/${pod.name}`;
  const error = lastKubeletError(journal, name);
  const containers = await containersOf(host, pod);
  const states = await Promise.all(
    containers.map(async ({ container }) => running && (await isAmong(running, host, pod, container))),
  );
  const lines = [`Pod ${name} ${podState(states)}`];
  if (error !== undefined) lines.push(`  the kubelet says: ${error}`);
  for (const [index, { container, log, starts }] of containers.entries()) {
    const state = states[index] === undefined ? '' : states[index] ? ' runs,' : ' does not run,';
    const text = (await tryRun(host, ['tail', `--lines=${LOG_LINES}`, '--', log])) ?? '';
    lines.push(`  container ${container}${state} was started ${counted(starts, 'time')}`);
    lines.push(`  ${log} ${text === '' ? 'is empty' : 'ends with'}`);
    for (const line of lastLines(text, LOG_LINES).split('\n'))
      if (line !== '') lines.push(`    ${messageOfLogLine(line)}`);
  }
  return lines;
}

/** In words, by what is known of its containers, those among them that have done their work and ended. */
function podState(states: readonly (boolean | undefined)[]): string {
  if (states.length === 0) return 'has no container yet';
  if (states.includes(undefined)) return 'was begun, and containerd does not tell whether it runs';
  if (states.every(Boolean)) return 'runs';
  return states.some(Boolean) ? 'runs in part' : 'does not run';
}

interface Container {
  readonly container: string;
  /** The log of its last start. */
  readonly log: string;
  /** How often it was started. */
  readonly starts: number;
}

/**
 * The containers of a pod by their logs, `CONTAINER/N.log` in a folder of the pod: N counts their starts from 0. The one whose last start was
 * first comes first. A pod that was made anew has another folder.
 */
async function containersOf(host: Host, { namespace, name }: PodName): Promise<readonly Container[]> {
  const path = `${LOGS}/${namespace}_${name}_*/*/*.log`;
  const found = (await tryRun(host, ['find', LOGS, '-path', path, '-printf', '%T@ %p\\n'])) ?? '';
  const byTime = found
    .split('\n')
    .filter((line) => line !== '')
    .toSorted((one, other) => Number.parseFloat(one) - Number.parseFloat(other))
    .map((line) => line.slice(line.indexOf(' ') + 1));
  const newest = new Map<string, Container>();
  for (const log of byTime) {
    const [, container, number] = /\/([^/]+)\/(\d+)\.log$/.exec(log) ?? [];
    if (container === undefined) continue;
    newest.delete(container);
    newest.set(container, { container, log, starts: Number(number) + 1 });
  }
  return [...newest.values()];
}

/** Ids of what runs, of all pods; undefined when containerd does not answer. */
async function runningContainers(host: Host): Promise<ReadonlySet<string> | undefined> {
  const words = await askContainerd(host, 'k8s.io', ['tasks', 'list']);
  // Lines of three words: id, process, state.
  return words && new Set(words.filter((_, index) => words[index + 2] === 'RUNNING'));
}

/** Whether a container of a pod is among those with these ids, under the id of any of its starts. */
async function isAmong(
  ids: ReadonlySet<string>,
  host: Host,
  { namespace, name }: PodName,
  container: string,
): Promise<boolean> {
  const filter = [
    `labels."io.kubernetes.pod.namespace"==${namespace}`,
    `labels."io.kubernetes.pod.name"==${name}`,
    `labels."io.kubernetes.container.name"==${container}`,
    'labels."io.cri-containerd.kind"==container',
  ].join(',');
  const own = (await askContainerd(host, 'k8s.io', ['containers', 'list', '--quiet', filter])) ?? [];
  return own.some((id) => ids.has(id));
}
