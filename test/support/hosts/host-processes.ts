import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { killIfThere } from '../process-identity.ts';
import { processesIn, removeCgroup } from './cgroups.ts';

/** Where the processes of a host are: in its cgroup, and, in the moment before it has entered that, its keeper in its folder. */
export interface HostPlace {
  readonly cgroup: string;
  readonly directory: string;
}

/** Ids of all processes of a host. */
export async function hostProcesses({ cgroup, directory }: HostPlace): Promise<number[]> {
  return [...new Set([...(await keepersAt(directory)), ...(await processesIn(cgroup))])];
}

/** Waits until no process of a host is left. Returns false when some are still there after `timeoutMs`. */
export async function waitUntilOff(place: HostPlace, timeoutMs: number): Promise<boolean> {
  for (const deadline = Date.now() + timeoutMs; ; await sleep(20)) {
    if ((await hostProcesses(place)).length === 0) return true;
    if (Date.now() > deadline) return false;
  }
}

/** Kills all processes of a host at once, as a power cut does, and removes its cgroup. Throws when one does not die. */
export async function killHost(place: HostPlace): Promise<void> {
  for (const deadline = Date.now() + 20_000; ; await sleep(20)) {
    const pids = await hostProcesses(place);
    if (pids.length === 0) break;
    if (Date.now() > deadline) throw new Error(`processes of ${place.cgroup} do not die: ${pids.join(' ')}`);
    for (const pid of pids) killIfThere(pid);
  }
  await removeCgroup(place.cgroup);
}

/** Processes that run keeper.sh in a folder. */
export async function keepersAt(directory: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const isKeeper = async (pid: number): Promise<boolean> => {
    if ((await readlink(`/proc/${pid}/cwd`).catch(() => undefined)) !== directory) return false;
    // While one program takes the place of another, a process has no words, and nobody else is in that folder without any.
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
    return words === '' || words?.includes('keeper.sh') === true;
  };
  const judged = await Promise.all(pids.map(isKeeper));
  return pids.filter((_, index) => judged[index]);
}
