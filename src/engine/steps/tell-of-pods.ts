import { maskCredentials } from '../../errors/mask-credentials.ts';
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
  /** Ids of containers. */
  readonly running: ReadonlySet<string>;
}

async function tellOfPod(host: Host, pod: PodName, { journal, running }: Known): Promise<readonly string[]> {
  const name = `${pod.namespace}/${pod.name}`;
  const error = lastKubeletError(journal, name);
  const logs = await newestLogs(host, pod);
  const containers = await containersOf(host, pod);
  const runs = containers.some((id) => running.has(id));
  const state = logs.length === 0 ? 'has no container yet' : runs ? 'runs' : 'does not run';
  const lines = [`Pod ${name} ${state}`];
  if (error !== undefined) lines.push(`  the kubelet says: ${error}`);
  for (const path of logs) {
    const text = (await tryRun(host, ['tail', `--lines=${LOG_LINES}`, '--', path])) ?? '';
    lines.push(`  ${path} ${text === '' ? 'is empty' : 'ends with'}`);
    for (const line of lastLines(text, LOG_LINES).split('\n'))
      if (line !== '') lines.push(`    ${messageOfLogLine(line)}`);
  }
  return lines;
}

/** The log of the last start of each container of a pod, oldest first. A pod that was made anew has another folder. */
async function newestLogs(host: Host, { namespace, name }: PodName): Promise<readonly string[]> {
  const path = `${LOGS}/${namespace}_${name}_*/*/*.log`;
  const found = (await tryRun(host, ['find', LOGS, '-path', path, '-printf', '%T@ %p\\n'])) ?? '';
  const byTime = found
    .split('\n')
    .filter((line) => line !== '')
    .toSorted((one, other) => Number.parseFloat(one) - Number.parseFloat(other))
    .map((line) => line.slice(line.indexOf(' ') + 1));
  const newest = new Map(byTime.map((each) => [each.split('/').at(-2), each]));
  return [...newest.values()];
}

/** Ids of what runs, of all pods. */
async function runningContainers(host: Host): Promise<ReadonlySet<string>> {
  const words = (await askContainerd(host, 'k8s.io', ['tasks', 'list'])) ?? [];
  // Lines of three words: id, process, state.
  return new Set(words.filter((_, index) => words[index + 2] === 'RUNNING'));
}

/** Ids of the containers of a pod, whether they run or not. */
async function containersOf(host: Host, { namespace, name }: PodName): Promise<readonly string[]> {
  const filter = [
    `labels."io.kubernetes.pod.namespace"==${namespace}`,
    `labels."io.kubernetes.pod.name"==${name}`,
    'labels."io.cri-containerd.kind"==container',
  ].join(',');
  return (await askContainerd(host, 'k8s.io', ['containers', 'list', '--quiet', filter])) ?? [];
}
