import { unescapeOctal } from './unescape-octal.ts';

/** A line of /proc/PID/mountinfo. */
export interface Mount {
  /** Number of the device: `8:1`. */
  readonly device: string;
  /** What of its file system is mounted: `/`, unless a folder is bound. */
  readonly root: string;
  /** Where. */
  readonly point: string;
  readonly type: string;
  /** `/dev/sr0`, or whatever the file system calls it. */
  readonly source: string;
  /** Of the mount, then of the file system; each once. */
  readonly options: readonly string[];
}

/** All mounts, in the order of /proc/PID/mountinfo, see proc_pid_mountinfo(5): what was mounted later hides what was before. */
export function mountsOf(mountinfo: string): readonly Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , device, root, point, options] = before.split(' ').map(unescapeOctal);
    const [type, source, superOptions = ''] = after.split(' ').map(unescapeOctal);
    if (device === undefined || root === undefined || point === undefined || options === undefined) return [];
    if (type === undefined || source === undefined) return [];
    const each = new Set([...options.split(','), ...superOptions.split(',')].filter((option) => option !== ''));
    return [{ device, root, point, type, source, options: [...each] }];
  });
}

/** Where something is mounted. */
export function mountPointsOf(mountinfo: string): readonly string[] {
  return mountsOf(mountinfo).map(({ point }) => point);
}
