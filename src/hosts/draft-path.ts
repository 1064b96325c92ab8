import { posix } from 'node:path';

/**
 * Where a file is written before it gets its name. Always the same, so that the next run finds and replaces what a killed one left; hidden, as
 * the kubelet and systemd read whatever else is in their folders.
 */
export function draftPath(path: string): string {
  return posix.join(posix.dirname(path), `.${posix.basename(path)}.metalk8s-new`);
}
