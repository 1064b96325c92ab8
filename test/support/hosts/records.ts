import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessIdentity } from '../process-identity.ts';
import type { HostOptions } from './types.ts';

/** Where everything that hosts make is recorded before it is made. One place per machine, so that every run sweeps for all. */
export const STATE = '/run/metalk8s-test';
const NETWORKS = join(STATE, 'networks');

export interface NetworkRecord {
  readonly slot: number;
  readonly planes: 1 | 2;
  /** The process that the network ends with; null for a network kept for people until `down`. */
  readonly owner: ProcessIdentity | null;
  /** Folder of the disk images of its hosts. */
  readonly disks: string;
  readonly created: string;
}

export interface HostRecord {
  readonly options: HostOptions;
  readonly number: number;
  /** `ssh-ed25519 BASE64`. */
  readonly hostKey: string;
}

/** Records a network in the first slot that nobody has yet. Throws when none is left. */
export async function claimSlot(
  slots: readonly number[],
  recordFor: (slot: number) => NetworkRecord,
): Promise<NetworkRecord> {
  await mkdir(NETWORKS, { recursive: true, mode: 0o700 });
  for (const slot of slots) {
    const record = recordFor(slot);
    const draft = await mkdtemp(join(STATE, 'draft-'));
    await writeFile(join(draft, 'network.json'), JSON.stringify(record));
    await mkdir(join(draft, 'hosts'));
    // Renaming onto a folder with content fails, so that a slot is claimed by one process, and never without a record.
    if (await rename(draft, networkDirectory(slot)).then(() => true, isTaken)) return record;
    await rm(draft, { recursive: true });
  }
  throw new Error('no free slot for a test network: see `npm run hosts -- list`, and `down` what is not needed');
}

/** Records a network anew, whole at any time. */
export async function writeNetwork(record: NetworkRecord): Promise<NetworkRecord> {
  const path = join(networkDirectory(record.slot), 'network.json');
  await writeFile(`${path}.new`, JSON.stringify(record));
  await rename(`${path}.new`, path);
  return record;
}

export function networkDirectory(slot: number): string {
  return join(NETWORKS, String(slot));
}

export function hostDirectory(slot: number, name: string): string {
  return join(networkDirectory(slot), 'hosts', name);
}

/** All recorded networks, by slot. */
export async function readNetworks(): Promise<NetworkRecord[]> {
  const names = await readdir(NETWORKS).catch(() => []);
  const records = await Promise.all(
    names.map((name) => readRecord<NetworkRecord>(join(NETWORKS, name, 'network.json'))),
  );
  return records.filter((record) => record !== undefined).sort((a, b) => a.slot - b.slot);
}

/** All recorded hosts of a network, by number. */
export async function readHosts(slot: number): Promise<HostRecord[]> {
  const directory = join(networkDirectory(slot), 'hosts');
  const names = await readdir(directory).catch(() => []);
  const records = await Promise.all(names.map((name) => readRecord<HostRecord>(join(directory, name, 'host.json'))));
  return records.filter((record) => record !== undefined).sort((a, b) => a.number - b.number);
}

export async function writeHost(slot: number, record: HostRecord): Promise<void> {
  const directory = hostDirectory(slot, record.options.name);
  await mkdir(directory, { mode: 0o700 });
  await writeFile(join(directory, 'host.json'), JSON.stringify(record));
}

/** Drafts of processes that died while claiming a slot; older than a minute, so that no living process is robbed of its own. */
export async function removeStaleDrafts(): Promise<void> {
  for (const name of await readdir(STATE).catch(() => [])) {
    const path = join(STATE, name);
    const info = await stat(path).catch(() => undefined);
    if (!name.startsWith('draft-') || info === undefined || Date.now() - info.mtimeMs < 60_000) continue;
    await rm(path, { recursive: true, force: true });
  }
}

/** A record that is being removed, or was left half written by a kill, counts as none. */
async function readRecord<T>(path: string): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined || text === '' ? undefined : (JSON.parse(text) as T);
}

function isTaken(error: NodeJS.ErrnoException): false {
  if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false;
  throw error;
}
