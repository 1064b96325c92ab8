import type { Lock, LockedFile, LockedImage, LockedPackage } from './lock.ts';
import type { Mirrors } from './mirrors.ts';
import type { PackagePlatform, PackageRepository, Release, ReleaseFile, ReleasePackage } from './release.ts';
import {
  type FileSource,
  fileSource,
  type ImageSource,
  imageSource,
  type RepositorySource,
  repositorySource,
} from './sources.ts';

/** Everything that a build is going to fetch, and from where. */
export interface BuildPlan {
  readonly version: string;
  readonly kubernetes: string;
  readonly components: readonly string[];
  readonly imagePlatforms: readonly string[];
  readonly images: readonly PlannedImage[];
  readonly platforms: readonly PlannedPlatform[];
  readonly files: readonly PlannedFile[];
  /** What the lock pins; left out without a lock. */
  readonly lockedFiles?: readonly LockedFile[];
}

interface PlannedImage {
  readonly reference: string;
  readonly source: ImageSource;
  readonly locked?: LockedImage;
}

export interface PlannedPlatform {
  readonly platform: PackagePlatform;
  readonly repositories: readonly (PackageRepository & { readonly source: RepositorySource })[];
  readonly packages: readonly ReleasePackage[];
  readonly locked?: readonly LockedPackage[];
}

type PlannedFile = ReleaseFile & { readonly source: FileSource };

/**
 * What to fetch for a release, from upstream or the mirrors, and what of it a lock pins. Each image once, packages of all components
 * together for each platform. Throws what `repositorySource` and `fileSource` throw.
 */
export function buildPlan(release: Release, mirrors: Mirrors, lock: Lock | undefined): BuildPlan {
  const { components } = release;
  const locked = new Map(lock?.images.map((image) => [image.reference, image]));
  const references = new Set(components.flatMap(({ images }) => images));
  return {
    version: release.version,
    kubernetes: release.kubernetes,
    components: components.map(({ name }) => name),
    imagePlatforms: release.imagePlatforms,
    images: [...references].sort().map((reference) => {
      const pinned = locked.get(reference);
      const source = imageSource(mirrors, reference);
      return { reference, source, ...(pinned !== undefined && { locked: pinned }) };
    }),
    platforms: release.packagePlatforms.map((platform) => plannedPlatform(platform, { release, mirrors, lock })),
    files: components.flatMap(({ files }) => files).map((file) => ({ ...file, source: fileSource(mirrors, file.url) })),
    ...(lock !== undefined && { lockedFiles: lock.files }),
  };
}

interface Given {
  readonly release: Release;
  readonly mirrors: Mirrors;
  readonly lock: Lock | undefined;
}

function plannedPlatform(platform: PackagePlatform, { release, mirrors, lock }: Given): PlannedPlatform {
  const packages = release.components
    .flatMap((component) => component.packages)
    .filter(({ platforms }) => platforms === undefined || platforms.includes(platform.name));
  return {
    platform,
    repositories: platform.repositories.map((repository) => ({
      ...repository,
      source: repositorySource(mirrors, repository),
    })),
    packages: mergedByName(packages),
    ...(lock !== undefined && { locked: lock.packages.filter((each) => each.platform === platform.name) }),
  };
}

/** A package that several components ask for is one, for the roles of all of them and in the version that one of them names. */
function mergedByName(packages: readonly ReleasePackage[]): ReleasePackage[] {
  return [...Map.groupBy(packages, ({ name }) => name)].map(([name, asked]) => {
    const version = asked.find((each) => each.version !== undefined)?.version;
    const roles = [...new Set(asked.flatMap((each) => each.roles))];
    return { name, roles, ...(version !== undefined && { version }) };
  });
}
