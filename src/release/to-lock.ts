import type { Lock } from './lock.ts';
import type { ReleaseLock } from './release.types.ts';
import { API_VERSION } from './schema/document.ts';

/** The lock that a valid file holds. */
export function toLock({ apiVersion: _, kind: __, ...lock }: ReleaseLock): Lock {
  return lock;
}

/** The content of a file for a lock: the same with what it is, and in order. */
export function toLockFile(lock: Lock): ReleaseLock {
  return {
    apiVersion: API_VERSION,
    kind: 'ReleaseLock',
    version: lock.version,
    images: sorted(lock.images, ({ reference }) => [reference]).map(
      ({ reference, digest, mediaType, size, children }) => ({
        reference,
        digest,
        mediaType,
        size,
        children: sorted(children, (child) => [child.platform ?? '', child.digest]).map(({ platform, digest: of }) => ({
          digest: of,
          ...(platform !== undefined && { platform }),
        })),
      }),
    ),
    packages: sorted(lock.packages, ({ platform, name, arch, epoch, version, release }) => [
      platform,
      name,
      arch,
      epoch,
      version,
      release,
    ]).map(({ platform, name, epoch, version, release, arch, repository, sha256, size }) => ({
      platform,
      name,
      epoch,
      version,
      release,
      arch,
      repository,
      sha256,
      size,
    })),
    files: sorted(lock.files, ({ url }) => [url]).map(({ url, sha256, size }) => ({ url, sha256, size })),
  };
}

/** By these texts, the first that differs deciding, in the order of code units: the same on every machine. */
function sorted<Item>(items: readonly Item[], keys: (item: Item) => readonly string[]): Item[] {
  return items
    .map((item) => ({ item, by: keys(item) }))
    .toSorted((a, b) => compare(a.by, b.by))
    .map(({ item }) => item);
}

function compare(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((text, index) => text !== b[index]);
  return at < 0 ? 0 : (a[at] ?? '') < (b[at] ?? '') ? -1 : 1;
}
