import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { hostsBlock, type Neighbour } from './neighbours.ts';
import { type Files, writeFiles } from './write-files.ts';

/** What makes a new host's disk this very host. */
export interface Identity {
  readonly name: string;
  /** Private key in OpenSSH's format; its public half is known before the first boot. */
  readonly hostPrivateKey: string;
  readonly authorizedKey: string;
  /** Address of the name server; nothing answers there, which a resolver learns at once. */
  readonly nameServer: string;
  /** Name and address of every host of the network. */
  readonly neighbours: readonly Neighbour[];
}

/** Writes the files that a host's disk gets before its first boot into the folder `seed`. */
export async function writeSeed(seed: string, identity: Identity): Promise<void> {
  await writeFiles(seed, seedFiles(identity, randomBytes(16).toString('hex')));
  await chmod(join(seed, 'root/.ssh'), 0o700);
}

/** The files of a seed by path. `machineId` is 32 hexadecimal digits. */
export function seedFiles(identity: Identity, machineId: string): Files {
  return {
    'etc/hostname': { content: `${identity.name}\n` },
    'etc/machine-id': { content: `${machineId}\n`, mode: 0o444 },
    'etc/hosts': { content: `127.0.0.1 localhost\n::1 localhost\n${hostsBlock(identity.neighbours)}` },
    'etc/resolv.conf': { content: `nameserver ${identity.nameServer}\n` },
    'etc/ssh/ssh_host_ed25519_key': { content: identity.hostPrivateKey, mode: 0o600 },
    'root/.ssh/authorized_keys': { content: `${identity.authorizedKey}\n`, mode: 0o600 },
  };
}
