import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { NodeFile } from '../kubernetes/node-file.ts';
import { rootFile } from '../kubernetes/root-file.ts';
import { ARCHIVES_DIRECTORY } from '../kubernetes/static-pods/registry.ts';
import { fill, type Template } from '../templates/fill.ts';

/** An archive as it lies on a node: an ISO image, or a folder with the same content. */
export interface NodeArchive {
  /** Product version. */
  readonly version: string;
  readonly kind: 'image' | 'folder';
  /** Absolute. A folder that is its own mount point needs no unit. */
  readonly path: string;
}

/** A systemd unit that mounts an archive. */
export interface MountUnit {
  readonly name: string;
  readonly file: NodeFile;
}

/** Where an archive is found on every node that has it. */
export function archiveMountPoint(version: string): string {
  return `${ARCHIVES_DIRECTORY}/${version}`;
}

/** The unit that mounts the archive of a version: systemd wants it named for its mount point. */
export function mountUnitName(version: string): string {
  return `${archiveMountPoint(version).slice(1).replaceAll('/', '-')}.mount`;
}

/**
 * The units of archives, read-only, without programs or devices that anybody could use. `template`: templates/systemd/archive.mount.
 * Throws a `CONFIG_INVALID` for a path that a unit would not take as it is.
 */
export function mountUnits(archives: readonly NodeArchive[], template: Template): readonly MountUnit[] {
  return archives
    .filter(({ version, path }) => path !== archiveMountPoint(version))
    .map((archive) => {
      const where = archiveMountPoint(archive.version);
      const name = mountUnitName(archive.version);
      const image = archive.kind === 'image';
      const content = fill(template, {
        version: archive.version,
        what: checkedPath(archive.path),
        where,
        type: image ? 'iso9660' : 'none',
        options: `ro,nodev,nosuid,noexec,${image ? 'loop' : 'bind'}`,
      });
      return { name, file: { ...rootFile(`/etc/systemd/system/${name}`, 0o644), content } };
    });
}

/** Spaces, quotes and `%` mean something in a unit, see systemd.syntax(7). */
function checkedPath(path: string): string {
  if (/^(?:\/[\w.+@:,=~-]+)+$/.test(path) && !/\/\.\.?(?:\/|$)/.test(path)) return path;
  throw new MetalK8sError('CONFIG_INVALID', `${JSON.stringify(path)} is no path that an archive can be mounted from`, {
    hint: 'Move the archive to an absolute path of letters, digits and any of . _ + @ : , = ~ -',
  });
}
