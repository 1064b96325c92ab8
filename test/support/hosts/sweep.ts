import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot } from '../cache.ts';
import { isAlive } from '../process-identity.ts';
import { restoreMachineSettings } from './machine-settings.ts';
import { type NetworkRecord, readHosts, readNetworks, removeStaleDrafts } from './records.ts';
import { removeNetwork } from './remove-network.ts';
import { withStateLock } from './state-lock.ts';

/**
 * Removes the networks, with their hosts and all that was made for them, whose owner is gone, however it went.
 * What is not recorded under /run/metalk8s-test is not touched, nor are networks of living owners and those kept for people.
 * @returns what was removed, a line each
 */
export async function sweep(): Promise<string[]> {
  return withStateLock(sweepUnderLock);
}

/** The same for a caller that holds the state lock. */
export async function sweepUnderLock(): Promise<string[]> {
  const done: string[] = [];
  for (const network of await readNetworks()) {
    if (await isKept(network)) continue;
    const names = (await readHosts(network.slot)).map(({ options }) => options.name);
    await removeNetwork(network);
    done.push(`removed network ${network.slot} of a process that is gone (hosts: ${names.join(', ') || 'none'})`);
  }
  await removeStaleDrafts();
  const left = await readNetworks();
  for (const directory of await strayDisks(left)) {
    await rm(directory, { recursive: true, force: true });
    done.push(`removed disks that no network has: ${directory}`);
  }
  if (left.length === 0) await restoreMachineSettings();
  return done;
}

async function isKept({ owner }: NetworkRecord): Promise<boolean> {
  return owner === null || (await isAlive(owner));
}

/** Disk images whose network's record is gone: the records are lost when the machine boots, the disks are not. */
async function strayDisks(networks: readonly NetworkRecord[]): Promise<string[]> {
  const folder = join(cacheRoot(), 'disks');
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => join(folder, name)).filter((path) => networks.every(({ disks }) => disks !== path));
}
