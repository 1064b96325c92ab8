import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Mount, mountsOf } from '../kernel/mounts.ts';
import { noArchive } from './open-archive.ts';

/** Where an archive lies, for whoever has to find it again after the host has started anew. */
export interface ArchivePlace {
  /** Absolute, without links. Of an image that is mounted, the image. */
  readonly path: string;
  /**
   * Whether it is there whenever the host has started, with nobody's help: on no medium that can be taken out, no other machine's, and not where
   * the system clears away.
   */
  readonly stays: boolean;
}

/** What the system tells of its mounts. */
export interface MountTables {
  readonly mountinfo: () => Promise<string>;
  readonly fstab: () => Promise<string>;
  /** The file behind a loop device; undefined when there is none, or it was removed. */
  readonly backingFile: (device: string) => Promise<string | undefined>;
  /** Whether the medium of a device, by its number (`8:1`), can be taken out. */
  readonly isRemovable: (device: string) => Promise<boolean>;
  /** Folders out of which the system removes what nobody has read for some days, see tmpfiles.d(5). */
  readonly cleared: readonly string[];
}

/**
 * Finds out where an archive lies that a configuration names. A mounted ISO is the file or device that is mounted: that is one file, which is
 * verified as a whole and mounted again. Throws a `USAGE` when there is nothing.
 */
export async function archivePlace(given: string, tables: MountTables = systemTables): Promise<ArchivePlace> {
  const mounts = mountsOf(await tables.mountinfo());
  const real = await realpath(given).catch((error: unknown) => {
    throw noArchive(given, 'there is no archive', error);
  });
  const path = (await imageBehind(real, mounts, tables)) ?? real;
  return { path, stays: (await isKept(path)) && (await isMountedAlways(path, mounts, tables)) };
}

/** The image that is mounted there as a whole. */
async function imageBehind(path: string, mounts: readonly Mount[], tables: MountTables): Promise<string | undefined> {
  const mount = mounts.findLast(({ point }) => point === path);
  if (mount?.type !== 'iso9660' || mount.root !== '/') return undefined;
  const image = (await tables.backingFile(mount.source)) ?? mount.source;
  return (await stat(image).catch(() => undefined)) === undefined ? undefined : image;
}

/** One file or folder: neither a device nor the parts of an image. */
async function isKept(path: string): Promise<boolean> {
  const stats = await stat(path);
  return stats.isDirectory() || (stats.isFile() && !path.endsWith('.001'));
}

async function isMountedAlways(path: string, mounts: readonly Mount[], tables: MountTables): Promise<boolean> {
  const mount = mounts.reduce<Mount | undefined>(
    (best, each) => (isBelow(path, each.point) && each.point.length >= (best?.point.length ?? 0) ? each : best),
    undefined,
  );
  if (tables.cleared.some((folder) => isBelow(path, folder))) return false;
  if (mount === undefined || LENT.test(mount.type) || (await tables.isRemovable(mount.device))) return false;
  return mount.point === '/' || mountedAtBoot(await tables.fstab()).has(mount.point);
}

/** File systems whose content is gone after a start, lies on a disc, or is another machine's. */
const LENT = /^(?:tmpfs|ramfs|devtmpfs|iso9660|udf|nfs4?|cifs|smb3|9p|virtiofs|vboxsf|ceph|fuse\..*|autofs)$/;

function isBelow(path: string, point: string): boolean {
  return point === '/' || path === point || path.startsWith(`${point}/`);
}

/** Mount points of fstab(5) that need nobody's help. */
function mountedAtBoot(fstab: string): ReadonlySet<string> {
  const lines = fstab.split('\n').map((line) => line.trim());
  const points = lines.flatMap((line) => {
    const [, point, , options = ''] = line.split(/\s+/);
    return line.startsWith('#') || point === undefined || options.split(',').includes('noauto') ? [] : [point];
  });
  return new Set(points);
}

/** Those of this host. */
const systemTables: MountTables = {
  mountinfo: () => readFile('/proc/self/mountinfo', 'utf8'),
  fstab: () => readFile('/etc/fstab', 'utf8').catch(() => ''),
  async backingFile(device) {
    const name = /^\/dev\/(loop\d+)$/.exec(device)?.[1];
    if (name === undefined) return undefined;
    const file = await readFile(`/sys/block/${name}/loop/backing_file`, 'utf8').catch(() => '');
    const path = file.trimEnd();
    return path.startsWith('/') && !path.endsWith(' (deleted)') ? path : undefined;
  },
  async isRemovable(device) {
    // Of a partition, its disk says so.
    const folder = await realpath(`/sys/dev/block/${device}`).catch(() => undefined);
    if (folder === undefined) return false;
    const flags = ['removable', '../removable'].map((name) => readFile(join(folder, name), 'utf8').catch(() => '0'));
    return (await Promise.all(flags)).some((flag) => flag.trim() === '1');
  },
  cleared: ['/tmp', '/var/tmp'],
};
