import type { Host } from '../../hosts/host.ts';
import { tryRun } from './try-run.ts';

/** Programs that ask containerd give up on it after so long. */
const TIMEOUT = '10s';

/** Words of a list that containerd gives for a namespace; undefined: it does not answer, or is not there. */
export async function askContainerd(
  host: Host,
  namespace: string,
  words: readonly string[],
): Promise<readonly string[] | undefined> {
  const text = await tryRun(host, ['ctr', '--timeout', TIMEOUT, '--namespace', namespace, ...words]);
  return text?.split(/\s+/).filter((word) => word !== '');
}
