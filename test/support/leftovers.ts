import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot } from './cache.ts';
import { MARK } from './hosts/addresses.ts';
import { processesIn, topCgroups } from './hosts/cgroups.ts';
import { loopDevices } from './hosts/loop-devices.ts';
import { machineTool } from './hosts/machine-tool.ts';
import { readNetworks, STATE } from './hosts/records.ts';
import { isAlive, ownIdentity } from './process-identity.ts';
import { markedProcesses, RUN_MARK } from './test-run.ts';

/** Something on this machine that tests have made, told by the marks they give to all they make. */
export interface Trace {
  readonly kind: 'process' | 'mount' | 'network namespace' | 'link' | 'loop device' | 'cgroup' | 'network' | 'file';
  readonly name: string;
}

/**
 * What the run of this process has left on the machine, a line each; to be asked by the test command at its end.
 * @param before what was there at its start and is not to be blamed on it
 */
export async function leftovers(before: readonly Trace[] = []): Promise<string[]> {
  const { pid, startTime } = await ownIdentity();
  return compare(before, await snapshot(process.env[RUN_MARK] ?? `${pid}-${startTime}`));
}

/**
 * All that tests have made and that is there now: processes that carry `mark`, the value of METALK8S_TEST_RUN of a run; and, by our
 * names, hosts' processes, mounts, namespaces, links, loop devices, cgroups and disks. What belongs to networks of other
 * living processes, or to those kept for people, does not count, nor does anything that carries no mark of ours.
 */
export async function snapshot(mark: string): Promise<Trace[]> {
  const foreign = await foreignNetworks(mark);
  const lists = await Promise.all([
    processes(mark),
    mounts(),
    named('network namespace', namespaceNames()),
    named('link', linkNames()),
    loops(foreign.disks),
    cgroups(foreign.slots),
    networks(foreign.slots),
    files(foreign.disks),
  ]);
  return lists.flat().filter(({ name }) => !foreign.slots.some((slot) => belongsTo(slot, name)));
}

/** What came between two snapshots, a line each. */
export function compare(before: readonly Trace[], after: readonly Trace[]): string[] {
  const known = new Set(before.map(describe));
  return after.map(describe).filter((line) => !known.has(line));
}

/** Whether a name of ours (`mk8s3`, `mk8s3p0`, `mk8s-3-h11`) is one of the network in this slot. */
export function belongsTo(slot: number, name: string): boolean {
  return new RegExp(`^${MARK}-?${slot}(?!\\d)`).test(name);
}

function describe({ kind, name }: Trace): string {
  return `${kind} ${name}`;
}

/** Networks that are not of the run: kept for people, or of a living process without the run's mark. */
async function foreignNetworks(mark: string): Promise<{ slots: number[]; disks: string[] }> {
  const ours = new Set([process.pid, ...(await processesOfRun(mark)).map(({ pid }) => pid)]);
  const records = await readNetworks();
  const judged = await Promise.all(
    records.map(async (record) => {
      const { owner } = record;
      return owner === null || (!ours.has(owner.pid) && (await isAlive(owner))) ? record : undefined;
    }),
  );
  const foreign = judged.filter((record) => record !== undefined);
  return { slots: foreign.map(({ slot }) => slot), disks: foreign.map(({ disks }) => disks) };
}

async function processesOfRun(mark: string) {
  const marked = await markedProcesses();
  return marked.filter((process_) => process_.mark === mark && process_.pid !== process.pid);
}

async function processes(mark: string): Promise<Trace[]> {
  const marked = await processesOfRun(mark);
  return marked.map(({ pid, command }) => ({ kind: 'process', name: `${pid} ${command}` }));
}

async function mounts(): Promise<Trace[]> {
  const ours = [`${STATE}/`, `${cacheRoot()}/`];
  const text = await readFile('/proc/self/mountinfo', 'utf8');
  const targets = text.split('\n').map((line) => line.split(' ')[4] ?? '');
  return targets
    .filter((target) => ours.some((start) => target.startsWith(start)))
    .map((target) => ({ kind: 'mount', name: target }));
}

async function named(kind: Trace['kind'], names: Promise<string[]>): Promise<Trace[]> {
  return (await names).filter((name) => name.startsWith(MARK)).map((name) => ({ kind, name }));
}

async function namespaceNames(): Promise<string[]> {
  return readdir('/run/netns').catch(() => []);
}

async function linkNames(): Promise<string[]> {
  const links = JSON.parse(await machineTool(['ip', '-json', 'link', 'show'])) as { ifname: string }[];
  return links.map(({ ifname }) => ifname);
}

async function loops(foreignDisks: readonly string[]): Promise<Trace[]> {
  const devices = await loopDevices();
  return devices
    .filter(({ file }) => file.startsWith(`${cacheRoot()}/`) && !foreignDisks.some((disks) => file.startsWith(disks)))
    .map(({ name, file }) => ({ kind: 'loop device', name: `${name} ${file}` }));
}

async function cgroups(foreignSlots: readonly number[]): Promise<Trace[]> {
  const names = (await topCgroups()).filter((name) => name.startsWith(`${MARK}-`));
  const ours = names.filter((name) => !foreignSlots.some((slot) => belongsTo(slot, name)));
  const traces = await Promise.all(
    ours.map(async (name): Promise<Trace[]> => {
      const pids = await processesIn(name);
      return [
        { kind: 'cgroup', name },
        ...pids.map((pid): Trace => ({ kind: 'process', name: `${pid} in cgroup ${name}` })),
      ];
    }),
  );
  return traces.flat();
}

async function networks(foreignSlots: readonly number[]): Promise<Trace[]> {
  const records = await readNetworks();
  return records
    .filter(({ slot }) => !foreignSlots.includes(slot))
    .map(({ slot }) => ({ kind: 'network', name: String(slot) }));
}

/** Disks of hosts. The temporary folder is the run's own, which endTestRun looks through. */
async function files(foreignDisks: readonly string[]): Promise<Trace[]> {
  const folder = join(cacheRoot(), 'disks');
  const disks = (await readdir(folder).catch(() => [])).map((name) => join(folder, name));
  return disks.filter((path) => !foreignDisks.includes(path)).map((name) => ({ kind: 'file', name }));
}

if (import.meta.main) {
  const found = await leftovers();
  process.stdout.write(found.map((line) => `left: ${line}\n`).join('') || 'nothing of ours is left\n');
  process.exitCode = found.length === 0 ? 0 : 1;
}
