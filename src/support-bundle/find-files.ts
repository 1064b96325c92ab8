import type { Host } from '../hosts/host.ts';

/**
 * Regular files of a host at or below these places, on the same file system and without following links, sorted. Places that are not there have
 * none. `since`: only those written since then, in seconds since 1970.
 */
export async function findFiles(
  host: Host,
  roots: readonly string[],
  stop: AbortSignal,
  since?: number,
): Promise<readonly string[]> {
  const age = since === undefined ? [] : ['-newermt', `@${since}`];
  const command = ['find', ...roots, '-xdev', '-type', 'f', ...age, '-print0'] as const;
  const { stdout } = await host.run(command, { stop });
  return [...new Set(stdout.split('\0').slice(0, -1))].sort();
}
