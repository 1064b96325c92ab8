import { POSSESSIONS_FILE } from '../engine/file-possessions.ts';
import { LOGS_DIRECTORY } from '../engine/run-folders.ts';
import { RUN_LOCK } from '../engine/run-lock.ts';
import { takeArchives } from './take-archives.ts';
import { type LookedAtHost, thisHost } from './this-host.ts';

/** What `bootstrap` acts on. */
export interface BootstrapSite extends LookedAtHost {
  readonly take: typeof takeArchives;
  /** Absolute. */
  readonly paths: LookedAtHost['paths'] & {
    readonly lock: string;
    readonly possessions: string;
    readonly logs: string;
  };
}

/** The host that the program runs on, which becomes the first node. */
export function thisSite(): BootstrapSite {
  const host = thisHost();
  return {
    ...host,
    take: takeArchives,
    paths: { ...host.paths, lock: RUN_LOCK, possessions: POSSESSIONS_FILE, logs: LOGS_DIRECTORY },
  };
}
