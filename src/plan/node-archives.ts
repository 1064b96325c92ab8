import { compareVersions } from '../disc/parse-archive-head.ts';
import { discPaths, packagesPath } from '../disc/paths.ts';
import type { Sum } from '../disc/sums.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { HostRepository } from '../packages/render-repository-file.ts';
import type { Archive as ServedArchive } from '../registry/merge-archives.ts';
import type { ArchiveDescription } from '../release/archive-description.ts';
import { archiveMountPoint, type NodeArchive } from '../salt/archive-mounts.ts';

/** An archive that was verified, and how it lies on the host. */
export interface AvailableArchive {
  readonly description: ArchiveDescription;
  readonly sums: readonly Sum[];
  /** Of `SHA256SUMS`, 64 hexadecimal digits. */
  readonly sumsSha256: string;
  /** Absolute. */
  readonly path: string;
  readonly kind: NodeArchive['kind'];
  /** Whether it can stay there: one file or folder, on no medium that somebody takes out. */
  readonly stays: boolean;
}

const COPIES = '/var/lib/metalk8s/archives';

/** Where the archive is to be mounted from: where it lies, or where it is copied to. */
export function placeOf(
  archive: Pick<AvailableArchive, 'path' | 'kind' | 'stays'> & { readonly description: { readonly version: string } },
  mountsImages: boolean,
): NodeArchive {
  const { version } = archive.description;
  if (archive.kind === 'image' && mountsImages) {
    const path = archive.stays ? archive.path : `${COPIES}/metalk8s-${version}.iso`;
    return { version, kind: 'image', path };
  }
  const stays = archive.kind === 'folder' && archive.stays;
  return { version, kind: 'folder', path: stays ? archive.path : archiveMountPoint(version) };
}

/** Newest first. Throws a `CONFIG_INVALID` when two are of one version. */
export function newestFirst(archives: readonly AvailableArchive[]): readonly AvailableArchive[] {
  const sorted = archives.toSorted((one, other) => compareVersions(other.description.version, one.description.version));
  const twice = sorted.find(({ description }, index) => description.version === sorted[index - 1]?.description.version);
  if (twice === undefined) return sorted;
  throw new MetalK8sError('CONFIG_INVALID', `Two archives are of version ${twice.description.version}`, {
    where: 'archives',
    hint: `Take one of them out: ${archives.map(({ path }) => path).join(', ')}.`,
  });
}

/** The packages of an archive that is mounted on the host itself. */
export function repositoryOf({ description, sums }: AvailableArchive, platform: string): HostRepository {
  const keys = sums
    .map(({ path }) => path)
    .filter((path) => path.startsWith(`${discPaths.packageKeys}/`) && path.endsWith('.asc'));
  const url = (path: string) => `file://${archiveMountPoint(description.version)}/${path}`;
  return {
    version: description.version,
    baseUrl: url(packagesPath(platform)),
    keyUrls: keys.map(url),
  };
}

/** An archive as the registry of a node serves it. */
export function servedArchive({ description: { version, catalogue } }: AvailableArchive): ServedArchive {
  const root = archiveMountPoint(version);
  return { name: version, catalogue, blobs: `${root}/${discPaths.blobs}`, packages: `${root}/${discPaths.packages}` };
}
