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
}

/** All mounts, in the order of /proc/PID/mountinfo, see proc_pid_mountinfo(5): what was mounted later hides what was before. */
export function mountsOf(mountinfo: string): readonly Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , device, root, point] = before.split(' ').map(unescaped);
    const [type, source] = after.split(' ').map(unescaped);
    if (device === undefined || root === undefined || point === undefined) return [];
    return [{ device, root, point, type: type ?? '', source: source ?? '' }];
  });
}

/** Where something is mounted. */
export function mountPointsOf(mountinfo: string): readonly string[] {
  return mountsOf(mountinfo).map(({ point }) => point);
}

/** Spaces, tabs, line ends and backslashes stand there as octal numbers of bytes. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
