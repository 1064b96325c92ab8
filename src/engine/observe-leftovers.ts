import type { Host } from '../hosts/host.ts';
import type { ObservedLeftovers } from '../plan/observed-leftovers.ts';
import {
  clusterPatterns,
  clusterTrees,
  isMountOf,
  mountTrees,
  ownPatterns,
  ownTrees,
  sharedTrees,
} from '../plan/reset-paths.ts';
import { OF_ONE_VERSION } from '../salt/node-packages.ts';
import { hasPodCgroups } from './leftovers/cgroups.ts';
import { askContainerd } from './leftovers/containers.ts';
import { mountPointsOfTable, mountsBelow } from './leftovers/mounts.ts';
import { networkLeftovers, networkLines } from './leftovers/network.ts';
import { namespacesOfOthers } from './leftovers/network-namespaces.ts';
import { heldPackages, keysOfRepositoryFile, packagesOfArchives, versionLocksPath } from './leftovers/packages.ts';
import { existing } from './leftovers/paths.ts';
import { isOfPods, isOurAgent, isOurDnf, isOurSalt, processesOf } from './leftovers/processes.ts';
import { tryRun } from './leftovers/try-run.ts';
import { existingUsers } from './leftovers/users.ts';
import type { Possession } from './possessions.ts';
import { rpmKeysOf } from './rpm-database.ts';
import type { DnfContext } from './run-dnf.ts';
import { systemctl } from './unit.ts';

const NAMESPACE = 'k8s.io';
const UNITS = ['kubelet.service', 'containerd.service', 'srv-metalk8s-*.mount'];

/** Looks at a host for all that bootstrap and the cluster made there. Changes nothing. `possessions`: what is noted of it. Waits where dnf is locked. */
export async function observeLeftovers(
  possessions: readonly Possession[],
  context: DnfContext,
): Promise<ObservedLeftovers> {
  const { host } = context;
  const processes = await processesOf(host);
  const noted = possessions.flatMap((each) => (each.what === 'path' ? [each.path] : []));
  const others = new Set(await namespacesOfOthers(host));
  const there = await existing(host, [
    ...clusterTrees,
    ...sharedTrees,
    ...ownTrees,
    ...ownPatterns,
    ...clusterPatterns,
    ...noted,
  ]);
  const paths = there.filter((path) => !others.has(path));
  const hadTransactions = possessions.some(({ what }) => what === 'packages-before');
  return {
    hostname: host.name,
    processes: processes
      .filter((each) => isOurSalt(each) || isOurDnf(each) || isOurAgent(each))
      .map(({ pid, command }) => `${pid} ${command}`),
    units: await unitsOf(host),
    podProcesses: processes.filter(isOfPods).length,
    containers: await containersOf(host),
    cgroups: await hasPodCgroups(host),
    mounts: (await mountsBelow(host, mountTrees({ keepsRuntime: false }))).filter((point) => !others.has(point)),
    ownersMounts: await ownersMountsOf(host),
    network: networkLines(await networkLeftovers(host, possessions)),
    packages: hadTransactions ? await packagesOfArchives(context) : [],
    hasContainerd: (await tryRun(host, ['rpm', '--query', '--', 'containerd.io'])) !== undefined,
    heldPackages: hadTransactions ? await holdsOf(host) : [],
    rpmKeys: hadTransactions ? await rpmKeysOf(host) : [],
    archiveKeys: await archiveKeysOf(host, paths),
    users: await existingUsers(
      host,
      possessions.flatMap((each) => (each.what === 'user' ? [each.name] : [])),
    ),
    settings: await settingsOf(host, possessions),
    paths,
  };
}

async function containersOf(host: Host): Promise<ObservedLeftovers['containers']> {
  const known = await askContainerd(host, NAMESPACE, ['containers', 'list', '--quiet']);
  if (known === undefined) return null;
  const images = await askContainerd(host, NAMESPACE, ['images', 'list', '--quiet']);
  return { known: known.length, images: images?.length ?? 0 };
}

async function ownersMountsOf(host: Host): Promise<readonly string[]> {
  const named = mountPointsOfTable((await host.files.read('/etc/fstab')) ?? '');
  const trees = [...clusterTrees, ...sharedTrees, ...ownTrees, ...mountTrees({ keepsRuntime: false })];
  return named.filter((point) => isMountOf(point, trees));
}

/** Those that have a file, and those that are active without one. */
async function unitsOf(host: Host): Promise<readonly string[]> {
  const plain = ['--no-legend', '--no-pager', '--plain', '--full', '--', ...UNITS];
  // Where there is none, the first of them fails.
  const files = await host.run(['systemctl', 'list-unit-files', ...plain]);
  const loaded = await systemctl(host, ['list-units', ...plain]);
  const names = [files, loaded].flatMap(({ stdout }) => [...stdout.matchAll(/^(\S+)/gm)].map(([, name = '']) => name));
  return [...new Set(names)].sort();
}

async function holdsOf(host: Host): Promise<readonly string[]> {
  const held = heldPackages((await host.files.read(await versionLocksPath(host))) ?? '');
  return [...new Set(held)].filter((name) => OF_ONE_VERSION.has(name));
}

async function archiveKeysOf(host: Host, paths: readonly string[]): Promise<readonly string[]> {
  const texts = await Promise.all(paths.filter((path) => path.endsWith('.repo')).map((path) => host.files.read(path)));
  return [...new Set(texts.flatMap((text) => keysOfRepositoryFile(text ?? '')))];
}

async function settingsOf(host: Host, possessions: readonly Possession[]): Promise<Readonly<Record<string, string>>> {
  const settings: Record<string, string> = {};
  for (const each of possessions) {
    if (each.what !== 'kernel-setting') continue;
    const value = await host.files.read(`/proc/sys/${each.name.replaceAll('.', '/')}`);
    if (value !== undefined) settings[each.name] = value.trim();
  }
  return settings;
}
