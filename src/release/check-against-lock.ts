import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { LoadedRelease } from './load.ts';
import type { Lock } from './lock.ts';
import type { Release } from './release.ts';

/** A lock and the file that it stands in. */
export interface LockOfFile {
  readonly lock: Lock;
  readonly file: string;
}

/**
 * Checks that a lock was made for this release list. It may hold components that were not chosen; of packages only those that the list names
 * are looked for, as the rest follow from them. Throws RELEASE_INVALID that names everything missing and everything too much.
 */
export function checkAgainstLock(
  { release, whole }: Pick<LoadedRelease, 'release' | 'whole'>,
  { lock, file }: LockOfFile,
): void {
  const faults = [
    ...(lock.version === release.version ? [] : [`it is of version ${lock.version}, the list of ${release.version}`]),
    ...lacking(release, lock),
    ...superfluous(whole, lock),
    ...contradictions(whole, lock),
  ];
  if (faults.length === 0) return;
  throw new MetalK8sError('RELEASE_INVALID', ['the lock was made for another release list', ...faults].join('\n'), {
    where: file,
    hint: 'Where the list is the right one, write the lock anew with --update-lock and look at what changed.',
  });
}

function lacking({ components, packagePlatforms }: Release, lock: Lock): string[] {
  const images = new Set(lock.images.map(({ reference }) => reference));
  const files = new Set(lock.files.map(({ url }) => url));
  const packages = new Set(lock.packages.map(({ platform, name }) => `${platform} ${name}`));
  const platforms = packagePlatforms.map(({ name }) => name);
  const found = components.flatMap((component) => [
    ...component.images.filter((reference) => !images.has(reference)).map((reference) => `it lacks ${reference}`),
    ...component.files.filter(({ url }) => !files.has(url)).map(({ url }) => `it lacks ${url}`),
    ...component.packages.flatMap(({ name, platforms: own = platforms }) =>
      own
        .filter((platform) => !packages.has(`${platform} ${name}`))
        .map((platform) => `it lacks the package ${name} for ${platform}`),
    ),
  ]);
  return [...new Set(found)];
}

function superfluous({ components, packagePlatforms }: Release, lock: Lock): string[] {
  const images = new Set(components.flatMap((component) => component.images));
  const urls = new Set(components.flatMap(({ files }) => files.map(({ url }) => url)));
  const platforms = new Map(
    packagePlatforms.map(({ name, repositories }) => [name, new Set(repositories.map(({ id }) => id))]),
  );
  const strange = lock.packages.flatMap(({ platform, repository }) => {
    const repositories = platforms.get(platform);
    if (repositories === undefined) return [`it has packages for ${platform}, which the list does not name`];
    if (repositories.has(repository)) return [];
    return [`it has packages for ${platform} from ${repository}, a repository that the list does not name`];
  });
  return [
    ...lock.images
      .filter(({ reference }) => !images.has(reference))
      .map(({ reference }) => `it has ${reference}, which the list does not name`),
    ...lock.files.filter(({ url }) => !urls.has(url)).map(({ url }) => `it has ${url}, which the list does not name`),
    ...new Set(strange),
  ];
}

/** Entries that both have, but differently. */
function contradictions({ components, packagePlatforms }: Release, lock: Lock): string[] {
  const sums = new Map(lock.files.map(({ url, sha256 }) => [url, sha256]));
  const versions = new Map(lock.packages.map(({ platform, name, version }) => [`${platform} ${name}`, version]));
  const platforms = packagePlatforms.map(({ name }) => name);
  const found = components.flatMap(({ files, packages }) => [
    ...files.flatMap(({ url, sha256 }) => differing(url, sha256, sums.get(url))),
    ...packages.flatMap(({ name, version, platforms: own = platforms }) =>
      own.flatMap((platform) =>
        differing(`the package ${name} for ${platform}`, version, versions.get(`${platform} ${name}`)),
      ),
    ),
  ]);
  return [...new Set(found)];
}

function differing(what: string, listed: string | undefined, locked: string | undefined): string[] {
  if (listed === undefined || locked === undefined || listed === locked) return [];
  return [`it has ${locked} of ${what}, the list asks for ${listed}`];
}
