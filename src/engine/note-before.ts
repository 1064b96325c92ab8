import { clusterSettings, packageUsers, sharedFolders, sharedTrees } from '../plan/reset-paths.ts';
import { existingUsers } from './leftovers/users.ts';
import type { Possession } from './possessions.ts';
import type { StepContext } from './step-handler.ts';
import { notePaths } from './steps/note-paths.ts';

/**
 * Notes what a host is like in that which packages, the kubelet and the network plugin change by themselves, so that `reset` may put it back. To be
 * called before the first step of a run; what is noted already stays as it is.
 */
export async function noteBefore(context: Pick<StepContext, 'host' | 'possessions'>): Promise<void> {
  const { host, possessions } = context;
  await notePaths([...sharedTrees, ...sharedFolders], context);
  const there = await existingUsers(host, packageUsers);
  const settings: Possession[] = [];
  for (const name of clusterSettings) {
    const value = await host.files.read(`/proc/sys/${name.replaceAll('.', '/')}`);
    if (value !== undefined) settings.push({ what: 'kernel-setting', name, before: value.trim() });
  }
  const absent = packageUsers.filter((name) => !there.includes(name));
  await possessions.add([...settings, ...absent.map((name) => ({ what: 'user', name }) as const)]);
}
