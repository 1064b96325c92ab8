import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { LockOfFile } from './check-against-lock.ts';
import type { Lock, LockedImage, LockedPackage } from './lock.ts';

/** One thing that is not as a lock has it. */
export interface LockDifference {
  /** What differs: a reference, an address, or a package with its platform. */
  readonly what: string;
  /** In the lock; left out for what the lock does not hold. */
  readonly expected?: string;
  /** What was built; left out for what was not. */
  readonly found?: string;
}

/** Everything in which what was built is not what a lock holds, in the order of their names. */
export function lockDifferences(lock: Lock, built: Lock): LockDifference[] {
  const expected = describe(lock);
  const found = describe(built);
  return [...new Set([...expected.keys(), ...found.keys()])]
    .filter((what) => expected.get(what) !== found.get(what))
    .toSorted()
    .map((what) => {
      const [inLock, inBuild] = [expected.get(what), found.get(what)];
      return {
        what,
        ...(inLock !== undefined && { expected: inLock }),
        ...(inBuild !== undefined && { found: inBuild }),
      };
    });
}

/**
 * Refuses a build that is not what the lock holds; with `partial`, as when components were left out, the lock may hold more. Throws
 * VERIFICATION_FAILED that names every difference with both sides.
 */
export function refuseDifferences(
  { lock, file }: LockOfFile,
  built: Lock,
  { partial }: { readonly partial: boolean },
): void {
  const differences = lockDifferences(lock, built).filter(({ found }) => !partial || found !== undefined);
  if (differences.length === 0) return;
  const lines = differences.map(({ what, expected, found }) => {
    if (expected === undefined) return `${what}: not in the lock, found ${found}`;
    if (found === undefined) return `${what}: ${expected} in the lock, not found`;
    return `${what}: expected ${expected}, found ${found}`;
  });
  throw new MetalK8sError(
    'VERIFICATION_FAILED',
    ['what upstream serves is not what the lock pins', ...lines].join('\n'),
    {
      where: file,
      hint: 'Find out who changed it and why. Where the change is wanted, write the lock anew with --update-lock.',
    },
  );
}

/** One line about each entry, by its name: equal lines for equal entries. */
function describe({ version, images, packages, files }: Lock): ReadonlyMap<string, string> {
  return new Map([
    ['product version', version],
    ...images.map((image) => [image.reference, describeImage(image)] as const),
    ...packages.map(
      (entry) => [`package ${entry.name}.${entry.arch} for ${entry.platform}`, describePackage(entry)] as const,
    ),
    ...files.map(({ url, sha256, size }) => [url, `sha256:${sha256} (${size} bytes)`] as const),
  ]);
}

function describeImage({ digest, mediaType, size, children }: LockedImage): string {
  const list = children.map((child) => `${child.platform ?? 'no platform'} ${child.digest}`).toSorted();
  return `${digest} (${mediaType}, ${size} bytes${list.length > 0 ? `; with ${list.join(', ')}` : ''})`;
}

function describePackage({ epoch, version, release, repository, sha256, size }: LockedPackage): string {
  return `${epoch}:${version}-${release} from ${repository}, sha256:${sha256} (${size} bytes)`;
}
