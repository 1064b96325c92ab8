import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HostNames, hostNames } from './addresses.ts';
import { type HostFaults, hostFaults } from './faults.ts';
import { type HostFiles, hostFiles } from './host-files.ts';
import { type HostPlace, hostProcesses, keepersAt, killHost, waitUntilOff } from './host-processes.ts';
import { consoleTail, startKeeper } from './keeper.ts';
import { waitForLogin } from './login.ts';
import { releaseDisk } from './loop-devices.ts';
import { machineTool } from './machine-tool.ts';
import { type HostRecord, hostDirectory, type NetworkRecord } from './records.ts';
import { sshSession } from './ssh-session.ts';
import type { Command, HostOptions, Login, RunOptions, RunResult } from './types.ts';

/** A disposable host: a systemd machine with its own disk, network, processes and SSH key. */
export interface TestHost extends HostFiles {
  readonly name: string;
  readonly options: HostOptions;
  /** The address in the control plane, and (in a network of two planes) in the workload plane. */
  readonly addresses: readonly [controlPlane: string, workloadPlane?: string];
  /** How to log in as root; for programs under test. */
  readonly login: Login;
  readonly faults: HostFaults;
  /** Runs a command as root over SSH. */
  run(command: Command, options?: RunOptions): Promise<RunResult>;
  /** Switches the host on and waits until it lets us in. */
  start(): Promise<void>;
  /** Waits until the host lets us in; for hosts that something else makes boot. */
  waitForLogin(timeoutMs?: number): Promise<void>;
  /** Powers off in order, and waits until it is off. */
  shutdown(): Promise<void>;
  /** Boots anew in order, and waits until the host lets us in again. */
  reboot(): Promise<void>;
  /**
   * Cuts the power: no process gets a signal that it could handle, and what no program had synced to the disk is lost,
   * as far as the kernel had not written it yet.
   */
  powerOff(): Promise<void>;
  /** Whether any process of the host runs, be it only just starting. */
  isOn(): Promise<boolean>;
  /** Whether it let us in when it was last started, and was not switched off by us since. */
  isUp(): boolean;
  /** Closes the connection; the next command opens another. */
  disconnect(): void;
  /** Cuts the power and removes the host with its disk. */
  destroy(): Promise<void>;
}

/** What a host is opened from. */
export interface HostParts {
  readonly network: NetworkRecord;
  readonly record: HostRecord;
  readonly login: Login;
  /** Called each time the host has been started and lets us in. */
  onStarted(): Promise<void>;
  onDestroyed(): void;
}

export function openHost({ network, record, login, onStarted, onDestroyed }: HostParts): TestHost {
  const { options, number } = record;
  const names = hostNames({ slot: network.slot, planes: network.planes, number });
  const directory = hostDirectory(network.slot, options.name);
  const disk = diskFile(network, options.name);
  const place = { cgroup: names.cgroup, directory };
  const isOn = async () => (await hostProcesses(place)).length > 0;
  const session = sshSession(login, async () => {
    if (!(await isOn())) throw new Error(`host ${options.name} is off`);
  });
  let up = false;
  const down = () => {
    up = false;
    session.close();
  };

  const host: TestHost = {
    name: options.name,
    options,
    addresses: names.ports.map(({ address }) => address) as [string, string?],
    login,
    run: session.run,
    ...hostFiles(session),
    faults: hostFaults({ slot: network.slot, names, directory, run: session.run }),
    isOn,
    isUp: () => up,
    disconnect: session.close,
    start: async () => {
      if (await isOn()) throw new Error(`host ${options.name} is on already`);
      await startKeeper({ directory, slot: network.slot, names, options, disk });
      await host.waitForLogin();
      await onStarted();
    },
    waitForLogin: async (timeoutMs) => {
      // Whatever made it boot has also ended the connection, which would not be noticed at once.
      session.close();
      await waitForLogin(login, isOn, timeoutMs).catch(async (error: Error) => {
        throw new Error(`${error.message}\nThe end of its console:\n${await consoleTail(directory)}`, { cause: error });
      });
      up = true;
    },
    shutdown: async () => {
      await endBoot(host, 'poweroff');
      down();
      if (!(await waitUntilOff(place, 60_000))) {
        throw new Error(
          `host ${options.name} does not power off\nThe end of its console:\n${await consoleTail(directory)}`,
        );
      }
      await clearAway(place, { names, disk });
    },
    reboot: async () => {
      const before = await bootId(host);
      await endBoot(host, 'reboot');
      down();
      while ((await bootId(host).catch(() => before)) === before) {
        await sleep(50);
        await host.waitForLogin();
      }
    },
    powerOff: async () => {
      down();
      await cutDisk(directory);
      await clearAway(place, { names, disk });
    },
    destroy: async () => {
      down();
      await removeHost(network, record);
      onDestroyed();
    },
  };
  return host;
}

/** Removes a host and all that was made for it, whatever state it is in. */
export async function removeHost(network: NetworkRecord, { options, number }: HostRecord): Promise<void> {
  const disk = diskFile(network, options.name);
  const names = hostNames({ slot: network.slot, planes: network.planes, number });
  await clearAway({ cgroup: names.cgroup, directory: hostDirectory(network.slot, options.name) }, { names, disk });
  await rm(disk, { force: true });
  await rm(hostDirectory(network.slot, options.name), { recursive: true, force: true });
}

export function diskFile(network: NetworkRecord, name: string): string {
  return join(network.disks, `${name}.ext4`);
}

/** Kills what runs and removes what a host that is off does not have; its disk stays. */
async function clearAway(place: HostPlace, { names, disk }: { names: HostNames; disk: string }): Promise<void> {
  await killHost(place);
  await releaseDisk(disk);
  await rm(`/run/systemd/nspawn/propagate/${names.machine}`, { recursive: true, force: true });
}

/** Stops the host's file system as it stands on the disk. Without this, the kernel would write what is in memory when it is unmounted. */
async function cutDisk(directory: string): Promise<void> {
  const [keeper] = await keepersAt(directory);
  if (keeper === undefined) return;
  const mountPoint = join(directory, 'root');
  await machineTool(['nsenter', '--target', String(keeper), '--mount', 'xfs_io', '-x', '-c', 'shutdown', mountPoint]);
}

/** The connection may end before the command's exit code is through. */
async function endBoot(host: TestHost, verb: 'poweroff' | 'reboot'): Promise<void> {
  await host.run(['systemctl', verb]).catch((error: Error) => {
    if (!error.message.includes('lost its connection')) throw error;
  });
}

/** When the host's init started, in clock ticks since the machine's boot: /proc/sys/kernel/random/boot_id is the machine's. */
async function bootId(host: TestHost): Promise<string | undefined> {
  const { stdout } = await host.run(['cat', '/proc/1/stat']);
  return stdout.split(' ')[21];
}
