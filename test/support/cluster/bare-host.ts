import type { TestHost } from '../hosts/host.ts';

/** Folders of which every entry is compared, regular files but for `RESTLESS` with their content. */
const PLACES = ['/boot', '/etc', '/home', '/mnt', '/opt', '/root', '/run', '/srv', '/usr', '/var'];

/** What changes by itself on a host that runs. */
const RESTLESS = [
  '/root/.ssh',
  '/run/credentials',
  '/run/log',
  '/run/systemd',
  '/run/udev',
  '/run/user',
  '/run/utmp',
  '/var/lib/systemd',
  '/var/log/btmp',
  '/var/log/journal',
  '/var/log/lastlog',
  '/var/log/wtmp',
  '/var/tmp',
];

/** Parts of a host's state: what prints the lines of each, in bash. */
const PARTS: Readonly<Record<string, string>> = {
  entry: `find ${PLACES.join(' ')} -xdev ${RESTLESS.flatMap((path) => ['-path', path, '-prune', '-o']).join(' ')} \
-printf '%p %y %m %U:%G %l\\n'`,
  content: `find /etc /home /opt /root /srv /usr -xdev -path /root/.ssh -prune -o -type f -print0 | xargs -0 sha256sum`,
  package: 'rpm --query --all',
  account: 'cat /etc/passwd /etc/group',
  rule: `for filter in iptables ip6tables iptables-legacy ip6tables-legacy; do "$filter-save" 2>/dev/null | grep -E '^(-A|:.* (DROP|-))' || true; done`,
  table: 'nft list tables',
  set: 'ipset list -name',
  // Without the number of a peer in another namespace, which a start changes.
  link: `ip -brief link | awk '{ sub("@if.*", "", $1); print $1 }'`,
  address: `ip -brief address | sed 's/@if[0-9]*//; s/  */ /g'`,
  route: 'ip route show table all; ip rule',
  mount: `awk '{ print $5 }' /proc/self/mountinfo`,
  unit: `systemctl list-unit-files --no-legend --plain | awk '{ print $1, $2 }'; systemctl list-units --all --no-legend --plain --full | awk '{ print $1, $2, $3 }'`,
  process: `ps -ww -e -o user=,args= | grep -vE '^\\S+ +(\\[|ps |sh |bash |sed |sort |awk |grep |sshd|\\(sd-pam)'`,
  setting: `sysctl --all 2>/dev/null | grep -E '^(kernel\\.(keys|panic)|net\\.ipv4\\.(ip_forward|conf\\.(all|default))|net\\.ipv6\\.conf\\.all|net\\.netfilter\\.nf_conntrack_(max|tcp)|vm\\.)'`,
  cgroup: `find /sys/fs/cgroup -maxdepth 4 -name '*kubepods*'`,
  listener: `ss -tulnH | awk '{ print $1, $5 }'`,
};

/** Everything that a cluster could leave on a host, a line each, sorted. */
export async function stateOfBareHost(host: TestHost): Promise<readonly string[]> {
  const script = Object.entries(PARTS).map(([part, command]) => `{ ${command}; } | sed 's/^/${part} /'`);
  const { stdout } = await host.run({ script: `set +e +o pipefail\n${script.join('\n')}` });
  return [...new Set(stdout.trimEnd().split('\n'))].sort();
}

/** Lines that may differ after a reset, and why that is. Everything else is something that was left behind. */
const EXCUSED: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^(entry|content) .*\/etc\/(passwd|group|shadow|gshadow)-/, 'the copies that useradd and userdel keep'],
  [
    /^entry \/var\/(cache|lib|log)\/(dnf|hawkey|rpm)(?!.*metalk8s)/,
    'the package manager keeps its history, its log and its database',
  ],
  [/^entry \/run\/(xtables\.lock|dnf)/, 'a lock that every iptables makes, and the folder of dnf’s'],
  [
    /^(entry|content \S+) +\/root\/\.kube(\/cache(\/.*)?)?( |$)/,
    'what kubectl keeps of its questions, for whoever asked',
  ],
  [/^mount \/sys\/fs\/bpf$/, 'on a host that is no double, systemd mounts it'],
  [
    /^(unit|process) .*\bsystemd-(hostnamed|localed|timedated)\b/,
    'whoever asks systemd for a fact starts it, and it ends by itself',
  ],
  [
    /^unit (network-online\.target|session-\d+\.scope|user.*@0\.service|user-0\.slice) /,
    'came up meanwhile, as it does at any start',
  ],
  [
    /^(entry|content) .*\/usr\/s?bin\/(conntrack|ethtool|ip6?tables|socat|tc|xtables)/,
    'the double has it from elsewhere, and a package came in its place',
  ],
  [/^content \S+ +\/root\/\.mtab\.fuseiso$/, 'notes of what mounts discs on test hosts'],
  [/^unit (blockdev@)?dev-loop\d+\./, 'after a start the disk of a test host is another device'],
  [/^(entry|content) .*\/usr\/lib\/python3\/dist-packages\/dnf/, 'bytecode, which packages of Enterprise Linux own'],
];

/** As well, of a host that has the machine not for itself alone. */
const EXCUSED_IN_COMPANY: typeof EXCUSED = [
  [
    /^setting (kernel\.panic|vm\.)/,
    'of the whole machine: kubelets of hosts beside this one set it as well, and resets set it back',
  ],
];

/**
 * What differs between two states of a host and is not excused: lines that are gone with `-`, new ones with `+`. `alone`: no other host with a
 * cluster was there from the one state to the other, so that settings of the whole machine are compared as well.
 */
export function leftBehind(
  before: readonly string[],
  after: readonly string[],
  { alone = false }: { readonly alone?: boolean } = {},
): readonly string[] {
  const excused = alone ? EXCUSED : [...EXCUSED, ...EXCUSED_IN_COMPANY];
  const [was, is] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !is.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !was.has(line)).map((line) => `+ ${line}`),
  ].filter((line) => !excused.some(([pattern]) => pattern.test(line.slice(2))));
}
