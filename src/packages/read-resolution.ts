import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { byNevra, isNevra, type Nevra, nevraOf } from './nevra.ts';

/** What dnf would install for a request, or why it cannot. */
export interface Resolution {
  /** Requests that no package fits. */
  readonly unmatched: readonly string[];
  /** Lines that say who needs what; none when it resolves. */
  readonly problems: readonly string[];
  /** Packages to be installed, sorted. */
  readonly packages: readonly AvailablePackage[];
  /** Packages of the pristine root that would have to go, or to give way to another version. */
  readonly replaced: readonly string[];
  /** Of the only packages that may be taken: those that no repository has, with what it has under their names. */
  readonly gone: readonly { readonly expected: Nevra; readonly found: readonly string[] }[];
}

/** A package of an upstream repository, as the repository's metadata have it. */
export interface AvailablePackage extends Nevra {
  /** Id of its repository. */
  readonly repository: string;
  readonly url: string;
  /** Bytes. */
  readonly size: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  /** Names of the other packages of the answer that require it, sorted. */
  readonly neededBy: readonly string[];
}

/**
 * Reads the answer of the dnf command `metalk8s-resolve`. Its words come from repositories, whose metadata may be hostile: throws a
 * `RELEASE_INVALID` for names that cannot be, and for packages whose metadata give no SHA-256.
 */
export function readResolution(text: string, platform: string): Resolution {
  const answer = record(JSON.parse(text));
  return {
    unmatched: texts(answer.unmatched),
    problems: texts(answer.problems),
    packages: list(answer.packages)
      .map((each) => availablePackage(record(each), platform))
      .sort(byNevra),
    replaced: texts(answer.replaced),
    gone: list(answer.gone)
      .map(record)
      .flatMap(({ expected, found }) => {
        const { name, epoch, version, release, arch } = record(expected);
        const nevra = { name, epoch, version, release, arch };
        return isNevra(nevra) ? [{ expected: nevra, found: texts(found) }] : [];
      }),
  };
}

function availablePackage(found: Readonly<Record<string, unknown>>, platform: string): AvailablePackage {
  const { name, epoch, version, release, arch, repository, url, size, checksum } = found;
  const nevra = { name, epoch, version, release, arch };
  if (!isNevra(nevra) || typeof repository !== 'string' || typeof url !== 'string' || !isSize(size)) {
    throw new MetalK8sError('RELEASE_INVALID', `A repository of ${platform} describes a package that cannot be`, {
      where: JSON.stringify(found).slice(0, 300),
      hint: 'Ask whoever serves the repository; the metadata are signed, but not sound.',
    });
  }
  const [, sha256] = /^sha256:([0-9a-f]{64})$/.exec(String(checksum)) ?? [];
  if (sha256 === undefined) {
    throw new MetalK8sError('RELEASE_INVALID', `The metadata of ${repository} name no SHA-256 of ${nevra.name}`, {
      where: `${platform}: ${String(checksum).slice(0, 100)}`,
      hint: 'The repository has to be made with `createrepo_c --checksum sha256`, which is its default.',
    });
  }
  return { ...nevraOf(nevra), repository, url, size, sha256, neededBy: texts(found.neededBy).toSorted() };
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function texts(value: unknown): string[] {
  return list(value).map(String);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
