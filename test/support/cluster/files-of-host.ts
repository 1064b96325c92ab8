import { saltPaths } from '../../../src/salt/paths.ts';
import type { TestHost } from '../hosts/host.ts';

/** Where what is installed and configured lies. */
const PLACES = ['/boot', '/etc', '/home', '/opt', '/root', '/srv', '/usr', '/var'];

/** What changes by itself on a host that runs, or is written by every run. */
const RESTLESS = [
  '/root/.cache',
  '/run',
  '/var/cache',
  '/var/lib/containerd',
  '/var/lib/etcd',
  '/var/lib/kubelet',
  '/var/lib/calico',
  '/var/lib/cni',
  // SQLite's shared memory: every reader writes to it.
  '/var/lib/rpm/rpmdb.sqlite-shm',
  '/var/lib/systemd',
  '/var/log',
  saltPaths.cache,
  '/var/tmp',
];

/**
 * Files of a host that only somebody's work changes, a line each with type, mode and owner, and but for folders with size, time of the last
 * change and what a link leads to. `restless`: more paths to leave out.
 */
export async function filesOfHost(host: TestHost, restless: readonly string[] = []): Promise<readonly string[]> {
  const prune = [...RESTLESS, ...restless].flatMap((path) => ['-path', path, '-prune', '-o']);
  const folders = ['-type', 'd', '-printf', '%p d %m %U:%G\n', '-o'];
  const others = ['-printf', '%p %y %m %U:%G %s %T@ %l\n'];
  const { stdout } = await host.run(['find', ...PLACES, ...prune, ...folders, ...others]);
  return stdout.trimEnd().split('\n').sort();
}
