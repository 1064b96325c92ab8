import type { LockedImage } from '../../release/lock.ts';

/** What an image has else than its lock says, with both; undefined when all is the same. */
export function lockProblem(expected: LockedImage, found: LockedImage): string | undefined {
  for (const key of ['digest', 'mediaType', 'size'] as const) {
    if (expected[key] !== found[key]) return `the lock has ${key} ${expected[key]}, found ${found[key]}`;
  }
  const left = childrenOf(expected);
  const right = childrenOf(found);
  if (left.join() === right.join()) return undefined;
  return `the lock has these of its index: ${left.join(', ') || 'none'}; the platforms of the release need ${right.join(', ') || 'none'}`;
}

function childrenOf({ children }: LockedImage): string[] {
  return children.map(({ digest, platform }) => (platform === undefined ? digest : `${digest} (${platform})`)).sort();
}
