import { packagesPath } from '../disc/paths.ts';
import { rpmFileName } from '../packages/nevra.ts';
import type { Catalogue } from '../registry/catalogue.ts';
import { ARCHIVE_API_VERSION, type ArchiveDescription, type CarriedPackage } from '../release/archive-description.ts';
import type { Lock } from '../release/lock.ts';
import type { Release } from '../release/release.ts';
import type { FetchedPlatform, FetchedRelease } from './fetch-release.ts';

/** What a build came to, as the lock that would pin it. */
export function lockOf({ version }: Pick<Release, 'version'>, { images, files, platforms }: FetchedRelease): Lock {
  return {
    version,
    images: images.images,
    packages: platforms.flatMap(({ resolved }) => resolved.packages.map(({ locked }) => locked)),
    files: files.files,
  };
}

export interface DescribedBuild {
  readonly release: Release;
  readonly lock: Lock;
  readonly catalogue: Catalogue;
  readonly platforms: readonly FetchedPlatform[];
  /** Seconds since 1970. */
  readonly epoch: number;
  /** Fingerprint of the signing key; left out for an unsigned disc. */
  readonly signingKey: string | undefined;
  /** Version of the Node.js that goes along. */
  readonly node: string;
}

/** `release.json` of a disc. */
export function describeArchive(build: DescribedBuild): ArchiveDescription {
  const { release, lock, catalogue, platforms, epoch, signingKey, node } = build;
  return {
    apiVersion: ARCHIVE_API_VERSION,
    kind: 'Archive',
    version: release.version,
    kubernetes: release.kubernetes,
    components: release.components.map(({ name }) => name),
    date: `${new Date(epoch * 1000).toISOString().slice(0, 19)}Z`,
    signingKey: signingKey ?? null,
    node,
    lock,
    catalogue,
    packages: platforms.flatMap(carriedPackages),
  };
}

function carriedPackages({ resolved: { platform, packages } }: FetchedPlatform): CarriedPackage[] {
  return packages.map(({ header, stored: { sha256, size }, roles }) => {
    const { name, epoch, version, release, arch, licence } = header;
    const path = `${packagesPath(platform.name)}/${rpmFileName(header)}`;
    return { platform: platform.name, name, epoch, version, release, arch, path, sha256, size, licence, roles };
  });
}
