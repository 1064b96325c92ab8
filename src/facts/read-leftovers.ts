import { inGroups } from './answers.ts';
import type { Leftover } from './observed-host.ts';

/** Of each path that is there: the path, its type by `stat -c %F`, and how many entries it has. */
export function readLeftovers(fields: readonly string[]): readonly Leftover[] {
  return inGroups(fields, 3).map(([path = '', type = '', entries = '']) => ({
    path,
    what: whatIs(type, entries),
  }));
}

function whatIs(type: string, entries: string): string {
  if (type === 'regular empty file') return 'empty file';
  if (type === 'regular file') return 'file';
  if (type !== 'directory') return type;
  return entries === '1' ? 'folder with 1 entry' : `folder with ${entries} entries`;
}
