import { posix } from 'node:path';
import type { Host } from '../../hosts/host.ts';
import { POD_NAMESPACES } from '../../plan/reset-paths.ts';
import { existing } from './paths.ts';
import { isOfPods, processesOf } from './processes.ts';
import { tryRun } from './try-run.ts';

/**
 * Of the network namespaces with names as containerd gives them, those in which a process lives that is of no pod. Podman up to 4.0
 * names those of its containers likewise, where it has CNI.
 */
export async function namespacesOfOthers(host: Host): Promise<readonly string[]> {
  const living = new Map<string, readonly number[]>();
  for (const path of await existing(host, [POD_NAMESPACES])) {
    const pids = (await tryRun(host, ['ip', 'netns', 'pids', posix.basename(path)]))?.match(/\d+/g) ?? [];
    if (pids.length > 0) living.set(path, pids.map(Number));
  }
  if (living.size === 0) return [];
  const others = new Set((await processesOf(host)).filter((each) => !isOfPods(each)).map(({ pid }) => pid));
  return [...living].flatMap(([path, pids]) => (pids.some((pid) => others.has(pid)) ? [path] : []));
}
