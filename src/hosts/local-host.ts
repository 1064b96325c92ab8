import type { Host } from './host.ts';
import { localFiles } from './local-files.ts';
import { runLocal } from './run-local.ts';

/** The machine that we run on. `name`: as plans name it. */
export function localHost(name: string): Host {
  return { name, files: localFiles, run: runLocal, close: async () => {} };
}
