import { readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Mount points of all cgroup hierarchies (version 1 and 2) named in a `/proc/PID/mountinfo`. */
export function cgroupHierarchies(mountinfo: string): string[] {
  return mountinfo
    .split('\n')
    .filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(' ')[4] ?? '');
}

export async function readHierarchies(): Promise<string[]> {
  const hierarchies = cgroupHierarchies(await readFile('/proc/self/mountinfo', 'utf8'));
  if (hierarchies.length === 0) throw new Error('no cgroup hierarchy is mounted: mount /sys/fs/cgroup first');
  return hierarchies;
}

/** Names of the cgroups at the top of any hierarchy. */
export async function topCgroups(): Promise<string[]> {
  const names = new Set<string>();
  for (const hierarchy of await readHierarchies()) {
    for (const entry of await readdir(hierarchy, { withFileTypes: true })) {
      if (entry.isDirectory()) names.add(entry.name);
    }
  }
  return [...names];
}

/** Processes in a cgroup and all below it, in any hierarchy. */
export async function processesIn(cgroup: string): Promise<number[]> {
  const pids = new Set<number>();
  for (const directory of await cgroupDirectories(cgroup)) {
    const text = await readFile(join(directory, 'cgroup.procs'), 'utf8').catch(() => '');
    // 0 stands for a process of a PID namespace that we do not see.
    for (const pid of text.split('\n').map(Number)) if (pid > 0) pids.add(pid);
  }
  return [...pids];
}

/** Removes an empty cgroup and all below it from all hierarchies. */
export async function removeCgroup(cgroup: string): Promise<void> {
  for (const deadline = Date.now() + 5_000; ; await sleep(20)) {
    const directories = (await cgroupDirectories(cgroup)).sort((a, b) => b.length - a.length);
    if (directories.length === 0) return;
    for (const directory of directories) {
      const error = await rmdir(directory).catch((reason: NodeJS.ErrnoException) => reason);
      // A cgroup stays busy for a moment after its last process has died.
      if (error && !['EBUSY', 'ENOENT'].includes(error.code ?? '')) throw error;
      if (error && Date.now() > deadline) throw new Error(`cannot remove cgroup ${directory}: ${error.message}`);
    }
  }
}

async function cgroupDirectories(cgroup: string): Promise<string[]> {
  const trees = (await readHierarchies()).map((hierarchy) => directoriesUnder(join(hierarchy, cgroup)));
  return (await Promise.all(trees)).flat();
}

async function directoriesUnder(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [];
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => join(directory, entry.name));
  return [directory, ...(await Promise.all(below.map(directoriesUnder))).flat()];
}
