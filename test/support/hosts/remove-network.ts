import { rm } from 'node:fs/promises';
import type { ProcessIdentity } from '../process-identity.ts';
import { removeHost } from './host.ts';
import { restoreMachineSettings } from './machine-settings.ts';
import { removeNetworkNamespace } from './network-namespace.ts';
import { type NetworkRecord, networkDirectory, readHosts, readNetworks } from './records.ts';
import { withStateLock } from './state-lock.ts';

/** Removes the networks that end with a process, for who leaves before they were whole or destroyed. */
export async function removeNetworksOf({ pid, startTime }: ProcessIdentity): Promise<void> {
  await withStateLock(async () => {
    for (const network of await readNetworks())
      if (network.owner?.pid === pid && network.owner.startTime === startTime) await removeNetwork(network);
  });
}

/** Removes a network and everything made for it, whatever state it is in. Call it under the state lock. */
export async function removeNetwork(record: NetworkRecord): Promise<void> {
  for (const host of await readHosts(record.slot)) await removeHost(record, host);
  await removeNetworkNamespace(record.slot);
  await rm(record.disks, { recursive: true, force: true });
  // The record goes last: as long as anything is left, it can be found.
  await rm(networkDirectory(record.slot), { recursive: true, force: true });
  if ((await readNetworks()).length === 0) await restoreMachineSettings();
}
