import { removePodCgroups } from '../leftovers/cgroups.ts';
import { askContainerd } from '../leftovers/containers.ts';
import { isOfPods, processesOf } from '../leftovers/processes.ts';
import type { StepContext, StepHandler } from '../step-handler.ts';
import { waitUntil } from '../wait-until.ts';
import { signalAll } from './end-processes.ts';

/** Nothing of a pod is worth an orderly end: the data of all goes. */
export const endContainers: StepHandler<'end-containers'> = async (
  { namespace, keepsRuntime, deadlineSeconds },
  context,
) => {
  const { host, stop, report } = context;
  const forgotten = await forget(namespace, context);
  let killed = 0;
  const end = async () => {
    killed += await signalAll(host, 'KILL', isOfPods);
    const left = (await processesOf(host)).filter(isOfPods).length;
    return left === 0 ? undefined : `${left} processes`;
  };
  const where = `namespace ${namespace} of containerd`;
  const hint =
    'See what they wait for: a disk or a network file system that does not answer keeps processes from ending.';
  await waitUntil({ what: 'no process of a pod is left', look: end, where, hint }, { deadlineSeconds, stop, report });
  if (keepsRuntime) await emptyNamespace(namespace, context);
  await removePodCgroups(host);
  return { changed: forgotten > 0 || killed > 0 };
};

/** Has containerd end all tasks, which unmounts what they have, and forget the containers; gives how many it knew. */
async function forget(namespace: string, { host }: Pick<StepContext, 'host'>): Promise<number> {
  const tasks = (await askContainerd(host, namespace, ['tasks', 'list', '--quiet'])) ?? [];
  if (tasks.length > 0) await askContainerd(host, namespace, ['tasks', 'delete', '--force', ...tasks]);
  const containers = (await askContainerd(host, namespace, ['containers', 'list', '--quiet'])) ?? [];
  if (containers.length > 0) await askContainerd(host, namespace, ['containers', 'delete', ...containers]);
  return containers.length;
}

/** What somebody else has in the same containerd stays. */
async function emptyNamespace(namespace: string, { host }: Pick<StepContext, 'host'>): Promise<void> {
  const images = (await askContainerd(host, namespace, ['images', 'list', '--quiet'])) ?? [];
  if (images.length > 0) await askContainerd(host, namespace, ['images', 'remove', '--sync', ...images]);
  await askContainerd(host, namespace, ['namespaces', 'remove', namespace]);
}
