import { posix } from 'node:path';
import type { Host } from '../../hosts/host.ts';
import { mountsOf } from '../leftovers/mounts.ts';
import { namespacesOfOthers } from '../leftovers/network-namespaces.ts';
import { isOurAgent } from '../leftovers/processes.ts';
import type { StepHandler } from '../step-handler.ts';
import { signalAll } from './end-processes.ts';

export const removePaths: StepHandler<'remove-paths'> = async ({ trees, ours }, { host }) => {
  // They make their folders anew while they run.
  await signalAll(host, 'TERM', isOurAgent);
  const others = new Set(await namespacesOfOthers(host));
  let changed = false;
  for (const path of trees) if (!others.has(path) && (await removeTree(host, path))) changed = true;
  for (const path of ours) if (await removeOurs(host, path)) changed = true;
  return { changed };
};

/** A folder that is on a disk of its own, or that a link leads to, is as its owner wanted it: it is emptied, and stays. */
async function removeTree(host: Host, path: string): Promise<boolean> {
  const found = await host.files.look(path);
  if (found === undefined) return false;
  const isLink = found.type === 'link';
  const isMounted = (await mountsOf(host)).includes(path);
  if (!isLink && !isMounted) return host.files.remove(path);
  const names = await host.files.list(path);
  if (names === undefined) return isLink ? host.files.remove(path) : false;
  let changed = false;
  for (const name of names.filter((each) => each !== 'lost+found')) {
    if (await host.files.remove(posix.join(path, name))) changed = true;
  }
  return changed;
}

async function removeOurs(host: Host, path: string): Promise<boolean> {
  const found = await host.files.look(path);
  if (found === undefined) return false;
  if (found.type !== 'directory') return host.files.remove(path);
  return (await host.files.list(path))?.length === 0 && !(await mountsOf(host)).includes(path)
    ? host.files.remove(path)
    : false;
}
