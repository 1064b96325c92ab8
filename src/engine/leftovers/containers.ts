import type { Host } from '../../hosts/host.ts';
import { tryRun } from './try-run.ts';

/** For the whole of a command: containerd tells what it has at once, or hangs. */
const SHORT = '10s';
/** What is removed is removed one by one, and from the disk as well. */
const LONG = '2m';

/** Words of a list that containerd gives for a namespace; undefined: it does not answer, or is not there. */
export async function askContainerd(
  host: Host,
  namespace: string,
  words: readonly string[],
): Promise<readonly string[] | undefined> {
  const text = await tryRun(host, ['ctr', '--timeout', SHORT, '--namespace', namespace, ...words]);
  return text?.split(/\s+/).filter((word) => word !== '');
}

/** Has containerd end tasks at once. One that does not end holds up all that follow it: there are other ways to end processes. */
export async function endTasks(host: Host, namespace: string, tasks: readonly string[]): Promise<void> {
  await tryRun(host, ['ctr', '--timeout', SHORT, '--namespace', namespace, 'tasks', 'delete', '--force', ...tasks]);
}

/** Has containerd remove something. It may do so in part, or not at all: look afterwards. */
export async function changeContainerd(host: Host, namespace: string, words: readonly string[]): Promise<void> {
  await tryRun(host, ['ctr', '--timeout', LONG, '--namespace', namespace, ...words]);
}
