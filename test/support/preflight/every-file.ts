import type { TestHost } from '../hosts/host.ts';

/** What the kernel makes up, and discs, which nobody can write to. */
const NO_FILES =
  'autofs|bpf|cgroup2?|configfs|debugfs|devpts|fuse\\..*|fusectl|mqueue|proc|pstore|securityfs|sysfs|tracefs';

/**
 * What systemd keeps of units that it starts when somebody asks for them (timedatectl starts systemd-timedated), and of sessions: ours is one.
 * Their folders in /tmp and /var/tmp are those of such units too.
 */
const OF_SYSTEMD = ['/run/systemd', '/run/user', '/tmp/systemd-private-*', '/var/tmp/systemd-private-*'];

/**
 * Written by those who look, by what runs anyway, and by the file systems in them (the test's own disks): whether they are there counts, when and
 * how much was written does not.
 */
const WRITTEN_ANYWAY = [
  '*/rpmdb.sqlite-shm',
  '/tmp/disk-*',
  '/run/log/*',
  '/run/utmp',
  '/var/log/journal/*',
  '/var/log/lastlog',
  '/var/log/wtmp',
];

/**
 * Every file of a host on every file system that holds some, those in memory included, a line each: path, type, mode, owner; of regular files and
 * links also size, time of the last change and target.
 */
export async function everyFile(host: TestHost): Promise<ReadonlySet<string>> {
  const places = `awk '$3 !~ /^(${NO_FILES})$/ { print $2 }' /proc/mounts | sort -u`;
  const prune = OF_SYSTEMD.map((path) => `-path '${path}' -prune -o`).join(' ');
  const dated = WRITTEN_ANYWAY.map((path) => `! -path '${path}'`).join(' ');
  const printed = `\\( -type f -o -type l \\) ${dated} -printf '%p %y %m %U:%G %s %T@ %l\\n' -o -printf '%p %y %m %U:%G\\n'`;
  const { stdout } = await host.run({ script: `find $(${places}) -xdev ${prune} ${printed}` });
  return new Set(stdout.trimEnd().split('\n'));
}

/** Lines that only one of them has: `+` for what came, `-` for what went. */
export function changesOf(before: ReadonlySet<string>, after: ReadonlySet<string>): readonly string[] {
  return [
    ...[...before].filter((line) => !after.has(line)).map((line) => `- ${line}`),
    ...[...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`),
  ];
}
