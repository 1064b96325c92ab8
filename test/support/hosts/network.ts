import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot, type Report } from '../cache.ts';
import { ownIdentity } from '../process-identity.ts';
import { addHost } from './add-host.ts';
import { planeNames, slotsClearOf } from './addresses.ts';
import { openHost, type TestHost } from './host.ts';
import { prepareMachineSettings } from './machine-settings.ts';
import { machineTool } from './machine-tool.ts';
import { hostsBlock, neighbours, REPLACE_NEIGHBOURS } from './neighbours.ts';
import { loginOf, makeNetworkKey } from './network-keys.ts';
import { createNetworkNamespace } from './network-namespace.ts';
import { claimSlot, type HostRecord, type NetworkRecord, readHosts, readNetworks, writeNetwork } from './records.ts';
import { removeNetwork } from './remove-network.ts';
import { requireMachine } from './require-machine.ts';
import { withStateLock } from './state-lock.ts';
import { sweepUnderLock } from './sweep.ts';
import type { HostOptions } from './types.ts';
import { addUsers } from './users.ts';

export interface NetworkOptions {
  /** 1: one network for all (the default); 2: a control-plane network (eth0) and a workload-plane network (eth1). */
  readonly planes?: 1 | 2;
  /** A detached network outlives this process; it stays until it is destroyed. */
  readonly detached?: boolean;
  readonly report?: Report;
}

/** Hosts that see each other and this machine, and nothing else. */
export interface TestNetwork {
  readonly slot: number;
  /** Subnets of the planes, `a.b.c.0/24`. This machine has the address `.1` in each, hosts have `.11` and up. */
  readonly subnets: readonly string[];
  /** Folder of its disks; files that hosts are given, and that must last as long as they, may be put there. */
  readonly disks: string;
  /** Its hosts, without those that were destroyed. */
  hosts(): readonly TestHost[];
  /** Creates a host, boots it, and waits until it lets us in. Several may be added at once. */
  addHost(options: HostOptions): Promise<TestHost>;
  /** Removes the network with all its hosts. */
  destroy(): Promise<void>;
}

/**
 * Makes a network for hosts, after sweeping what dead processes have left of theirs.
 * It is swept when this process ends without having destroyed it. With METALK8S_KEEP_HOSTS=1 in the environment it is
 * detached, and `destroy` leaves it, so that one can look into its hosts after a test.
 */
export async function createNetwork(options: NetworkOptions = {}): Promise<TestNetwork> {
  const { planes = 1, report = () => undefined } = options;
  await requireMachine();
  const kept = process.env.METALK8S_KEEP_HOSTS === '1';
  const owner = await ownIdentity();
  const disks = join(cacheRoot(), 'disks', randomBytes(8).toString('hex'));
  const created = new Date().toISOString();
  const record = await withStateLock(async () => {
    for (const line of await sweepUnderLock()) report(line);
    const slots = slotsClearOf(await usedNetworks());
    const claimed = await claimSlot(slots, (slot) => ({ slot, planes, owner, disks, created }));
    try {
      await prepareMachineSettings();
      await createNetworkNamespace(claimed.slot, planes);
      await mkdir(disks, { recursive: true, mode: 0o700 });
      await makeNetworkKey(claimed.slot);
      // Only a whole one is kept: until then it ends with this process.
      return options.detached || kept ? await writeNetwork({ ...claimed, owner: null }) : claimed;
    } catch (error) {
      // What cannot be removed now stays recorded, and is swept once this process is gone.
      await removeNetwork(claimed).catch((also: Error) => report(also.message));
      throw error;
    }
  });
  const network = await openNetwork(record, report);
  return kept ? { ...network, destroy: async () => sayThatItIsKept(network) } : network;
}

function sayThatItIsKept(network: TestNetwork): void {
  const names = network.hosts().map(({ name }) => name);
  process.stderr.write(
    `Hosts kept: ${names.join(', ')}. See npm run hosts -- list; ssh NAME logs in, down removes them.\n`,
  );
}

/** Opens the networks that are kept for people. */
export async function detachedNetworks(report: Report = () => undefined): Promise<TestNetwork[]> {
  const records = (await readNetworks()).filter(({ owner }) => owner === null);
  return Promise.all(records.map((record) => openNetwork(record, report)));
}

/** Opens a recorded network, of this process or of another. */
async function openNetwork(record: NetworkRecord, report: Report): Promise<TestNetwork> {
  const hosts: TestHost[] = [];
  let introduced: Promise<void> = Promise.resolve();
  const onStarted = () => {
    introduced = introduced.then(() => introduce(record, hosts, report));
    return introduced;
  };
  const open = async (host: HostRecord): Promise<TestHost> => {
    const opened = openHost({
      network: record,
      record: host,
      login: await loginOf(record, host),
      onStarted,
      onDestroyed: () => hosts.splice(hosts.indexOf(opened), 1),
    });
    hosts.push(opened);
    return opened;
  };
  for (const host of await readHosts(record.slot)) await open(host);
  return {
    slot: record.slot,
    subnets: planeNames(record.slot, record.planes).map(({ subnet }) => subnet),
    disks: record.disks,
    hosts: () => [...hosts],
    addHost: async (options) => {
      const host = await open(await addHost(record, options, report));
      await host.start();
      await addUsers(host, options.users ?? []);
      return host;
    },
    destroy: async () => {
      for (const host of hosts) host.disconnect();
      await withStateLock(() => removeNetwork(record));
    },
  };
}

/** Tells all hosts that are on the names of all. One that cannot be told now is told when it starts again. */
async function introduce(network: NetworkRecord, hosts: readonly TestHost[], report: Report): Promise<void> {
  const input = hostsBlock(await neighbours(network));
  const tell = async (host: TestHost) => {
    if (!host.isUp()) return;
    await host.run({ script: REPLACE_NEIGHBOURS }, { input, timeoutMs: 5000 }).catch((error: Error) => {
      report(`host ${host.name} was not told its neighbours: ${error.message}`);
    });
  };
  await Promise.all(hosts.map(tell));
}

/** IPv4 networks that the machine has addresses in or routes to. */
async function usedNetworks(): Promise<string[]> {
  const routes = JSON.parse(await machineTool(['ip', '-json', '-4', 'route', 'show', 'table', 'all'])) as {
    dst?: string;
  }[];
  return routes.map(({ dst = '' }) => dst).filter((dst) => /^\d/.test(dst));
}
