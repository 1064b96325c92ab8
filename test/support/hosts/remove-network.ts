import { rm } from 'node:fs/promises';
import { removeHost } from './host.ts';
import { restoreMachineSettings } from './machine-settings.ts';
import { removeNetworkNamespace } from './network-namespace.ts';
import { type NetworkRecord, networkDirectory, readHosts, readNetworks } from './records.ts';

/** Removes a network and everything made for it, whatever state it is in. Call it under the state lock. */
export async function removeNetwork(record: NetworkRecord): Promise<void> {
  for (const host of await readHosts(record.slot)) await removeHost(record, host);
  await removeNetworkNamespace(record.slot);
  await rm(record.disks, { recursive: true, force: true });
  // The record goes last: as long as anything is left, it can be found.
  await rm(networkDirectory(record.slot), { recursive: true, force: true });
  if ((await readNetworks()).length === 0) await restoreMachineSettings();
}
