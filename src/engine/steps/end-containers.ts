import type { Host } from '../../hosts/host.ts';
import { CONTAINERD_UNIT } from '../../plan/reset-paths.ts';
import { removePodCgroups } from '../leftovers/cgroups.ts';
import { askContainerd, changeContainerd, endTasks } from '../leftovers/containers.ts';
import { isOfPods, processesOf } from '../leftovers/processes.ts';
import type { StepContext, StepHandler, StepOf } from '../step-handler.ts';
import { showUnit } from '../unit.ts';
import { waitUntil } from '../wait-until.ts';
import { signalAll } from './end-processes.ts';

/** Nothing of a pod is worth an orderly end: the data of all goes. */
export const endContainers: StepHandler<'end-containers'> = async (step, context) => {
  const { namespace, keepsRuntime, deadlineSeconds } = step;
  const { host, stop, report } = context;
  const forgotten = await forget(host, namespace);
  let killed = 0;
  const end = async () => {
    killed += await signalAll(host, 'KILL', isOfPods);
    const left = (await processesOf(host)).filter(isOfPods).length;
    return left === 0 ? undefined : `${left} processes`;
  };
  const hint =
    'See what they wait for: a disk or a network file system that does not answer keeps processes from ending.';
  await waitUntil(
    { what: 'no process of a pod is left', look: end, where: whereOf(namespace), hint },
    { deadlineSeconds, stop, report },
  );
  const removed = keepsRuntime ? await emptyNamespace(step, context) : 0;
  await removePodCgroups(host);
  return { changed: forgotten + killed + removed > 0 };
};

/** Has containerd end all tasks, which unmounts what they have, and forget the containers; gives how many it knew. */
async function forget(host: Host, namespace: string): Promise<number> {
  const tasks = (await askContainerd(host, namespace, ['tasks', 'list', '--quiet'])) ?? [];
  if (tasks.length > 0) await endTasks(host, namespace, tasks);
  const containers = (await askContainerd(host, namespace, ['containers', 'list', '--quiet'])) ?? [];
  if (containers.length > 0) await changeContainerd(host, namespace, ['containers', 'delete', ...containers]);
  return containers.length;
}

/** What somebody else has in the same containerd stays, and nobody else would take out of it what is ours. Gives how many images it had. */
async function emptyNamespace(
  { namespace, deadlineSeconds }: StepOf<'end-containers'>,
  { host, stop, report }: StepContext,
): Promise<number> {
  const had = new Set<string>();
  const empty = async () => {
    // Whoever took containerd off the host took with it what it had.
    if ((await showUnit(host, CONTAINERD_UNIT)).LoadState === 'not-found') return undefined;
    await forget(host, namespace);
    const images = (await askContainerd(host, namespace, ['images', 'list', '--quiet'])) ?? [];
    if (images.length > 0) await changeContainerd(host, namespace, ['images', 'remove', '--sync', ...images]);
    for (const each of images) had.add(each);
    await changeContainerd(host, namespace, ['namespaces', 'remove', namespace]);
    const namespaces = await askContainerd(host, namespace, ['namespaces', 'list', '--quiet']);
    if (namespaces === undefined) return 'containerd does not answer';
    return namespaces.includes(namespace) ? whatIsLeft(host, namespace) : undefined;
  };
  const ctr = `ctr --namespace ${namespace}`;
  const hint = `See whether containerd is well: systemctl status containerd. Remove by hand what does not go otherwise, then run again: ${ctr} containers list; ${ctr} images list.`;
  await waitUntil(
    { what: `containerd has nothing in ${namespace}`, look: empty, where: whereOf(namespace), hint },
    { deadlineSeconds, stop, report },
  );
  return had.size;
}

async function whatIsLeft(host: Host, namespace: string): Promise<string> {
  const counts: string[] = [];
  for (const what of ['containers', 'images']) {
    const found = await askContainerd(host, namespace, [what, 'list', '--quiet']);
    counts.push(`${found?.length ?? 'an unknown number of'} ${what}`);
  }
  return `${counts.join(' and ')} are left`;
}

function whereOf(namespace: string): string {
  return `namespace ${namespace} of containerd`;
}
