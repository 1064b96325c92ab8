import { mkdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../cache.ts';
import { freeHostNumber, gatewayAddress } from './addresses.ts';
import { BASE_DISK_GIB, baseImage } from './base-image.ts';
import { diskFile, removeHost } from './host.ts';
import { provideKernelModules } from './kernel-modules.ts';
import { provideLoopDevices } from './loop-devices.ts';
import { machineTool } from './machine-tool.ts';
import { neighbours } from './neighbours.ts';
import { readNetworkKey, recordKnownHosts } from './network-keys.ts';
import { type HostRecord, hostDirectory, type NetworkRecord, readHosts, writeHost } from './records.ts';
import { writeSeed } from './seed.ts';
import { generateSshKey } from './ssh-key.ts';
import { withStateLock } from './state-lock.ts';
import type { HostOptions } from './types.ts';

const NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Records a new host of a network and makes all it needs for its first boot. Hosts get their numbers in the order of the calls. */
export async function addHost(network: NetworkRecord, options: HostOptions, report: Report): Promise<HostRecord> {
  if (!NAME.test(options.name))
    throw new Error(`"${options.name}" is no host name: lower-case letters, digits, hyphens`);
  const key = generateSshKey();
  const record = await withStateLock(() => claimNumber(network, options, key.publicKey));
  try {
    await provideForBoot(network, options, key.privateKey);
    const image = await baseImage(options.kind, report);
    await makeDisk(image, diskFile(network, options.name), options.diskGiB ?? BASE_DISK_GIB);
    return record;
  } catch (error) {
    await removeHost(network, record);
    throw error;
  }
}

async function provideForBoot(network: NetworkRecord, options: HostOptions, hostPrivateKey: string): Promise<void> {
  const seed = join(hostDirectory(network.slot, options.name), 'seed');
  await mkdir(seed);
  await writeSeed(seed, {
    name: options.name,
    hostPrivateKey,
    authorizedKey: (await readNetworkKey(network.slot)).publicKey,
    nameServer: gatewayAddress(network.slot),
    neighbours: await neighbours(network),
  });
  await provideKernelModules(seed);
  await provideLoopDevices();
  await recordKnownHosts(network);
}

async function claimNumber(network: NetworkRecord, options: HostOptions, hostKey: string): Promise<HostRecord> {
  const hosts = await readHosts(network.slot);
  if (hosts.some(({ options: { name } }) => name === options.name)) {
    throw new Error(`network ${network.slot} has a host ${options.name} already`);
  }
  const record = { options, number: freeHostNumber(hosts.map(({ number }) => number)), hostKey };
  await writeHost(network.slot, record);
  return record;
}

/** A sparse copy: it takes as much of the machine's disk as the base tree and what the host writes. */
async function makeDisk(image: string, disk: string, gib: number): Promise<void> {
  await machineTool(['cp', '--sparse=always', '--reflink=auto', image, disk]);
  if (gib === BASE_DISK_GIB) return;
  await machineTool(['resize2fs', '-f', disk, `${Math.round(gib * 1024)}M`]);
  await truncate(disk, gib * 1024 ** 3);
}
