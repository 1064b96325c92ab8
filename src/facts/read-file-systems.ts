import { type Mount, mountsOf } from '../kernel/mounts.ts';
import { inGroups } from './answers.ts';
import type { FileSystem } from './observed-host.ts';

/**
 * Of each path that was asked about: the path, the nearest one that exists with its links followed, its numbers by
 * `stat -f -c '%S %b %a %c %d'`, and what xfs_info told. A path whose file system tells no numbers is left out.
 *
 * @param mounts /proc/self/mountinfo, see proc(5)
 */
export function readFileSystems(mounts: string | null, fields: readonly string[]): readonly FileSystem[] {
  const mounted = mountsOf(mounts ?? '');
  return inGroups(fields, 4).flatMap(([path = '', real = '', numbers = '', geometry = '']) => {
    const mount = mountOf(mounted, real);
    const [, ...digits] = /^(\d{1,15}) (\d{1,15}) (\d{1,15}) (\d{1,15}) (\d{1,15})$/.exec(numbers) ?? [];
    const [blockSize, blocks, available, inodes, freeInodes] = digits.map(Number);
    if (mount === undefined || blockSize === undefined || blocks === undefined || available === undefined) return [];
    return [
      {
        path,
        mountPoint: mount.point,
        source: mount.source,
        type: mount.type,
        options: mount.options,
        sizeBytes: blocks * blockSize,
        availableBytes: available * blockSize,
        // btrfs makes inodes as it needs them, and tells none.
        availableInodes: inodes === 0 || freeInodes === undefined ? null : freeInodes,
        ftype: ftypeOf(mount.type, geometry),
      },
    ];
  });
}

/** Of two mounts at one place, the later one is seen. */
function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  const above = mounts.filter(({ point: at }) => path === at || path.startsWith(at === '/' ? '/' : `${at}/`));
  const longest = Math.max(...above.map(({ point }) => point.length));
  return above.findLast(({ point }) => point.length === longest);
}

function ftypeOf(type: string, geometry: string): boolean | null {
  const ftype = type === 'xfs' ? /\bftype=([01])\b/.exec(geometry)?.[1] : undefined;
  return ftype === undefined ? null : ftype === '1';
}
