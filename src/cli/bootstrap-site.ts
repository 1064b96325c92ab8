import { hostname } from 'node:os';
import { TRUST_DIRECTORY } from '../archive/trusted-keys.ts';
import { POSSESSIONS_FILE } from '../engine/file-possessions.ts';
import { RUNS_DIRECTORY } from '../engine/run-folders.ts';
import { RUN_LOCK } from '../engine/run-lock.ts';
import { observeHost } from '../facts/gather.ts';
import type { Host } from '../hosts/host.ts';
import { localHost } from '../hosts/local-host.ts';
import { takeArchives } from './take-archives.ts';

/** What `bootstrap` acts on. */
export interface BootstrapSite {
  /** Of whoever runs the program. */
  readonly uid: number;
  readonly host: Host;
  readonly take: typeof takeArchives;
  readonly observe: typeof observeHost;
  /** Absolute. */
  readonly paths: {
    readonly lock: string;
    readonly runs: string;
    readonly possessions: string;
    readonly logs: string;
    readonly trust: string;
  };
}

/** Folder of the logs of runs, a file each. */
const LOG_DIRECTORY = '/var/log/metalk8s';

/** The host that the program runs on, which becomes the first node. */
export function thisSite(): BootstrapSite {
  return {
    uid: process.geteuid?.() ?? 0,
    // As the kubelet names a Node.
    host: localHost(hostname().toLowerCase()),
    take: takeArchives,
    observe: observeHost,
    paths: {
      lock: RUN_LOCK,
      runs: RUNS_DIRECTORY,
      possessions: POSSESSIONS_FILE,
      logs: LOG_DIRECTORY,
      trust: TRUST_DIRECTORY,
    },
  };
}
