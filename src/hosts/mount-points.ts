/** Where something is mounted, in the order of /proc/PID/mountinfo, see proc_pid_mountinfo(5). */
export function mountPointsOf(mountinfo: string): readonly string[] {
  return mountinfo.split('\n').flatMap((line) => {
    const point = line.split(' ')[4];
    return point === undefined ? [] : [unescaped(point)];
  });
}

/** Spaces, tabs, line ends and backslashes stand there as octal numbers of bytes. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
