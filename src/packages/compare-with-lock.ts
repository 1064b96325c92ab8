import type { LockedPackage } from '../release/lock.ts';
import { exactPackage, nevraText } from './nevra.ts';

/**
 * How the packages of a platform differ from those that a lock has for it: a line for each, with what was expected and what was found.
 * Empty when they are the same.
 */
export function compareWithLock(found: readonly LockedPackage[], locked: readonly LockedPackage[]): string[] {
  const expected = new Map(locked.map((each) => [key(each), each]));
  const there = new Set(found.map(key));
  const lacking = locked
    .filter((each) => !there.has(key(each)))
    .map((each) => `expected ${nevraText(each)} from ${each.repository}, found no such package`);
  const other = found.flatMap((each) => {
    const lock = expected.get(key(each));
    if (lock === undefined) return [`expected no ${each.name}, found ${nevraText(each)} from ${each.repository}`];
    if (lock.sha256 === each.sha256 && lock.size === each.size) return [];
    return [`expected ${content(lock)} for ${nevraText(each)}, found ${content(each)}`];
  });
  return [...lacking, ...other];
}

/** Of equal packages in two repositories, each is another. */
function key(each: LockedPackage): string {
  return `${each.repository} ${exactPackage(each)}`;
}

function content({ sha256, size }: LockedPackage): string {
  return `sha256 ${sha256} (${size} bytes)`;
}
