import { hostname } from 'node:os';
import { TRUST_DIRECTORY } from '../archive/trusted-keys.ts';
import { RUNS_DIRECTORY } from '../engine/run-folders.ts';
import { observeHost } from '../facts/gather.ts';
import type { Host } from '../hosts/host.ts';
import { localHost } from '../hosts/local-host.ts';

/** What commands look at that change nothing. */
export interface LookedAtHost {
  /** Of whoever runs the program. */
  readonly uid: number;
  readonly host: Host;
  readonly observe: typeof observeHost;
  /** Absolute. */
  readonly paths: { readonly runs: string; readonly trust: string };
}

/** The host that the program runs on. */
export function thisHost(): LookedAtHost {
  return {
    uid: process.geteuid?.() ?? 0,
    // As the kubelet names a Node.
    host: localHost(hostname().toLowerCase()),
    observe: observeHost,
    paths: { runs: RUNS_DIRECTORY, trust: TRUST_DIRECTORY },
  };
}
