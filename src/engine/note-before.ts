import type { Host } from '../hosts/host.ts';
import { filesOfStep, type Plan } from '../plan/plan.ts';
import { clusterSettings, packageUsers, sharedFolders, sharedTrees } from '../plan/reset-paths.ts';
import { filterTables } from './leftovers/filter-tables.ts';
import { existingUsers } from './leftovers/users.ts';
import type { Possession } from './possessions.ts';
import type { StepContext } from './step-handler.ts';
import { noteFiles } from './steps/note-files.ts';
import { notePaths } from './steps/note-paths.ts';

/**
 * Notes what a host is like in that which packages, the kubelet and the network plugin change by themselves, and in the files of the plan, some of
 * which packages bring first in their own words, so that `reset` may put it back. To be called before the first step of a run; what is noted
 * already stays as it is.
 */
export async function noteBefore(
  { steps }: Pick<Plan, 'steps'>,
  context: Pick<StepContext, 'host' | 'possessions'>,
): Promise<void> {
  const { host, possessions } = context;
  // Later, values and tables are those of the cluster, and users those of its packages.
  if (possessions.list().length === 0)
    await possessions.add([
      ...(await settingsOf(host)),
      ...(await absentUsers(host)),
      { what: 'filter-tables-before', tables: await filterTables(host) },
    ]);
  await notePaths([...sharedTrees, ...sharedFolders], context);
  // A run that was killed may have left dnf at work.
  await noteFiles(steps.flatMap(filesOfStep), context, { keepsUp: false });
}

async function settingsOf(host: Host): Promise<readonly Possession[]> {
  const settings: Possession[] = [];
  for (const name of clusterSettings) {
    const value = await host.files.read(`/proc/sys/${name.replaceAll('.', '/')}`);
    if (value !== undefined) settings.push({ what: 'kernel-setting', name, before: value.trim() });
  }
  return settings;
}

async function absentUsers(host: Host): Promise<readonly Possession[]> {
  const there = await existingUsers(host, packageUsers);
  return packageUsers.filter((name) => !there.includes(name)).map((name) => ({ what: 'user', name }));
}
