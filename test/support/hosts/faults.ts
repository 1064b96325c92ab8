import type { HostNames } from './addresses.ts';
import { clockFault } from './clock-fault.ts';
import { type LinkFaults, linkFaults } from './link-faults.ts';
import { quote } from './shell-words.ts';
import type { Command, Fault, RunOptions, RunResult } from './types.ts';

/** A running process of a host: all of that program name, or one by its id in the host. */
type ProcessChoice = { readonly name: string } | { readonly pid: number };

/** Ways to make things go wrong with a host. Each lasts until it is undone; a reboot ends only those that say so. */
export interface HostFaults extends LinkFaults {
  /** Fills the file system of `path` (`/` when not given) but for `leaveMiB` (0 when not given). It costs the machine no disk space. */
  fillDisk(options?: { readonly path?: string; readonly leaveMiB?: number }): Promise<Fault>;
  /** Kills at once. There is nothing to undo: what is to come back, systemd or the kubelet starts again. Throws when nothing matches. */
  killProcess(choice: ProcessChoice): Promise<void>;
  /** Stops processes without ending them: they hang, their connections stay open. */
  freezeProcess(choice: ProcessChoice): Promise<Fault>;
  /** Ends a service and keeps it from being started, by hand too. */
  maskService(unit: string): Promise<Fault>;
  /** Makes a service fail whenever it is started, and restarts it so. */
  breakService(unit: string): Promise<Fault>;
  /**
   * Shifts the clock that dynamically linked programs see which start from now on, by this many seconds (may be negative).
   * Not shifted: programs linked statically (Kubernetes, containerd, etcd), programs that run already, file times. Ends with no reboot.
   */
  shiftClock(seconds: number): Promise<Fault>;
}

interface FaultyHost {
  readonly slot: number;
  readonly names: HostNames;
  /** The host's folder under the state directory. */
  readonly directory: string;
  run(command: Command, options?: RunOptions): Promise<RunResult>;
}

export function hostFaults(host: FaultyHost): HostFaults {
  const { run } = host;
  return {
    ...linkFaults(host),
    shiftClock: (seconds) => clockFault(host, seconds),
    fillDisk: async ({ path = '/', leaveMiB = 0 } = {}) => {
      const file = `${path.replace(/\/$/, '')}/.filled-by-test`;
      await run({ script: fillScript(file, leaveMiB) });
      return { undo: async () => void (await run(['rm', '-f', file, `${file}-rest`])) };
    },
    killProcess: async (choice) => void (await signal(host, 'KILL', choice)),
    freezeProcess: async (choice) => {
      await signal(host, 'STOP', choice);
      return { undo: () => signal(host, 'CONT', choice) };
    },
    maskService: async (unit) => {
      await run(['systemctl', 'mask', '--now', unit]);
      return {
        undo: async () =>
          void (await run({ script: `systemctl unmask ${quote(unit)}; systemctl start ${quote(unit)}` })),
      };
    },
    breakService: async (unit) => {
      const dropIn = `/etc/systemd/system/${unit.replace(/\.service$/, '')}.service.d/zz-broken-by-test.conf`;
      const content = '[Service]\nExecStart=\nExecStart=/bin/false\n';
      const folder = quote(dropIn.slice(0, dropIn.lastIndexOf('/')));
      const restart = `systemctl daemon-reload; systemctl reset-failed ${quote(unit)} || true; systemctl restart ${quote(unit)}`;
      await run({ script: `mkdir -p ${folder}; cat >${quote(dropIn)}; ${restart} || true` }, { input: content });
      const undo = `rm -f ${quote(dropIn)}; rmdir --ignore-fail-on-non-empty ${folder} || true; ${restart}`;
      return { undo: async () => void (await run({ script: undo })) };
    },
  };
}

/** Preallocates what is free, then writes until the last block is gone: no block of the machine's disk is used by the former. */
function fillScript(file: string, leaveMiB: number): string {
  const target = quote(file);
  return `
    available=$(df --output=avail --block-size=1 ${quote(file.slice(0, file.lastIndexOf('/')) || '/')} | tail -n 1)
    size=$((available - ${leaveMiB} * 1048576))
    until fallocate --length "$size" ${target}; do rm -f ${target}; size=$((size - 4194304)); done
    if [ ${leaveMiB} -eq 0 ]; then cat /dev/zero >${target}-rest || true; fi
  `;
}

async function signal({ run }: FaultyHost, name: 'KILL' | 'STOP' | 'CONT', choice: ProcessChoice): Promise<void> {
  // The kernel keeps 15 letters of a program's name.
  const command: Command =
    'pid' in choice
      ? ['kill', `-${name}`, String(choice.pid)]
      : ['pkill', `-${name}`, '--exact', choice.name.slice(0, 15)];
  await run(command);
}
