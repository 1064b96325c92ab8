import { posix } from 'node:path';
import type { Host } from '../../hosts/host.ts';
import { isKeptOut } from '../is-kept-out.ts';
import { PATIENCE, ranOutOfPatience } from '../patience.ts';

/** Of paths and patterns, what is there. A pattern has `*`, for any characters, in its last part. */
export async function existing(host: Host, patterns: Iterable<string>): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pattern of new Set(patterns)) {
    if (pattern.includes('*')) found.push(...(await matching(host, pattern)));
    else if (await isThere(host, pattern)) found.push(pattern);
  }
  return found;
}

/** What root may not look at, or gets no answer about, root cannot remove either. */
async function isThere(host: Host, path: string): Promise<boolean> {
  if (isInHome(path)) {
    // A look of our own would not end.
    const { exitCode } = await host.run([...PATIENCE, 'test', '-e', path]);
    if (ranOutOfPatience(exitCode)) return false;
  }
  try {
    return (await host.files.look(path)) !== undefined;
  } catch (error) {
    if (isKeptOut(error)) return false;
    throw error;
  }
}

/** Homes may be on a file server: of all that is ours, a kubeconfig alone is in them. */
function isInHome(path: string): boolean {
  return path.split('/').includes('.kube');
}

async function matching(host: Host, pattern: string): Promise<readonly string[]> {
  const folder = posix.dirname(pattern);
  const [start = '', end = ''] = posix.basename(pattern).split('*');
  const names = (await host.files.list(folder)) ?? [];
  return names
    .filter((name) => name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end))
    .map((name) => posix.join(folder, name));
}
