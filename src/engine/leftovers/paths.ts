import { posix } from 'node:path';
import type { Host } from '../../hosts/host.ts';
import { isKeptOut } from '../is-kept-out.ts';

/** Of paths and patterns, what is there. A pattern has `*`, for any characters, in its last part. */
export async function existing(host: Host, patterns: Iterable<string>): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pattern of new Set(patterns)) {
    if (pattern.includes('*')) found.push(...(await matching(host, pattern)));
    else if (await isThere(host, pattern)) found.push(pattern);
  }
  return found;
}

/** What root may not look at, root cannot remove either. */
async function isThere(host: Host, path: string): Promise<boolean> {
  try {
    return (await host.files.look(path)) !== undefined;
  } catch (error) {
    if (isKeptOut(error)) return false;
    throw error;
  }
}

async function matching(host: Host, pattern: string): Promise<readonly string[]> {
  const folder = posix.dirname(pattern);
  const [start = '', end = ''] = posix.basename(pattern).split('*');
  const names = (await host.files.list(folder)) ?? [];
  return names
    .filter((name) => name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end))
    .map((name) => posix.join(folder, name));
}
