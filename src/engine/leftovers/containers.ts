import type { Host } from '../../hosts/host.ts';
import { tryRun } from './try-run.ts';

/** For the whole of a command: containerd tells what it has at once, or hangs. */
const QUESTION = '10s';
/** What is removed is removed one by one, and from the disk as well. */
const CHANGE = '2m';

/** Words of a list that containerd gives for a namespace; undefined: it does not answer, or is not there. */
export async function askContainerd(
  host: Host,
  namespace: string,
  words: readonly string[],
): Promise<readonly string[] | undefined> {
  const text = await tryRun(host, ['ctr', '--timeout', QUESTION, '--namespace', namespace, ...words]);
  return text?.split(/\s+/).filter((word) => word !== '');
}

/** Has containerd remove something. It may do so in part, or not at all: look afterwards. */
export async function changeContainerd(host: Host, namespace: string, words: readonly string[]): Promise<void> {
  await tryRun(host, ['ctr', '--timeout', CHANGE, '--namespace', namespace, ...words]);
}
