import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostNames } from './addresses.ts';
import { type HostRecord, type NetworkRecord, networkDirectory, readHosts } from './records.ts';
import { generateSshKey, type SshKey } from './ssh-key.ts';
import type { Login } from './types.ts';

/** Makes the key pair that opens all hosts of a network. */
export async function makeNetworkKey(slot: number): Promise<void> {
  const key = generateSshKey();
  await writeFile(keyFile(slot), key.privateKey, { mode: 0o600 });
  await writeFile(`${keyFile(slot)}.pub`, `${key.publicKey}\n`);
}

export async function readNetworkKey(slot: number): Promise<SshKey> {
  const [privateKey, publicKey] = await Promise.all([
    readFile(keyFile(slot), 'utf8'),
    readFile(`${keyFile(slot)}.pub`, 'utf8'),
  ]);
  return { privateKey, publicKey: publicKey.trim() };
}

/** Writes the network's known_hosts file anew, with the keys of all recorded hosts by name and address. */
export async function recordKnownHosts(network: NetworkRecord): Promise<void> {
  const hosts = await readHosts(network.slot);
  await writeFile(knownHostsFile(network.slot), hosts.map((host) => knownHostsLine(network, host)).join(''));
}

function knownHostsLine({ slot, planes }: NetworkRecord, { options, number, hostKey }: HostRecord): string {
  const addresses = hostNames({ slot, planes, number }).ports.map(({ address }) => address);
  return `${[options.name, ...addresses].join(',')} ${hostKey}\n`;
}

/** How to log in to a recorded host as root. */
export async function loginOf(network: NetworkRecord, host: HostRecord): Promise<Login> {
  const [port] = hostNames({ slot: network.slot, planes: network.planes, number: host.number }).ports;
  return {
    host: host.options.name,
    address: port?.address ?? '',
    port: 22,
    user: 'root',
    privateKey: (await readNetworkKey(network.slot)).privateKey,
    privateKeyFile: keyFile(network.slot),
    hostKey: host.hostKey,
    knownHostsFile: knownHostsFile(network.slot),
  };
}

function keyFile(slot: number): string {
  return join(networkDirectory(slot), 'key');
}

function knownHostsFile(slot: number): string {
  return join(networkDirectory(slot), 'known_hosts');
}
