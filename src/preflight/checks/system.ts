import { listed } from '../../events/words.ts';
import type { preflightQuestions } from '../../facts/preflight-questions.ts';
import type { Check } from '../check.ts';

/** As `systemd --version` has it: what Enterprise Linux 8 came with. */
const OLDEST_SYSTEMD = 239;

const user: Check = {
  name: 'user',
  title: 'who runs metalk8s',
  why: 'packages, units and files of root are changed',
  mend: 'Run it as root, or with sudo.',
  severity: 'error',
  inspect: ({ host: { system } }) =>
    system.user.uid === 0 ? [] : [{ found: `it runs as ${system.user.name} (uid ${system.user.uid})` }],
};

const platform: Check = {
  name: 'platform',
  title: 'operating system and architecture',
  why: 'a release has packages for some systems, and has been tried on no other',
  mend: 'Install an operating system that the release has packages for.',
  severity: 'error',
  inspect({ host: { platform: found, system }, archive }) {
    const carried = [...new Set((archive?.packages ?? []).map((each) => each.platform))].sort();
    const name = `${system.prettyName} on ${system.architecture}`;
    if (found === null) return [{ found: `${name} is no system that releases have packages for` }];
    if (archive === undefined || carried.includes(found)) return [];
    const has = carried.length === 0 ? 'none' : listed(carried);
    return [{ found: `${name} is ${found}, and the archive ${archive.version} has packages for ${has}` }];
  },
};

const systemd: Check = {
  name: 'systemd',
  title: 'presence and version of systemd',
  why: 'the container runtime, the kubelet and the mounts of archives are units of systemd',
  mend: `Use a host that systemd ${OLDEST_SYSTEMD} or later has started.`,
  severity: 'error',
  inspect({ host: { system } }) {
    if (system.systemd === null) return [{ found: 'the host was not started by systemd' }];
    if (system.systemd < OLDEST_SYSTEMD) return [{ found: `systemd is of version ${system.systemd}` }];
    return system.systemState === null ? [{ found: 'systemd does not answer' }] : [];
  },
};

const systemState: Check = {
  name: 'system-state',
  title: 'whether all units of the host have started',
  why: 'what failed may be what the cluster needs: a mount, the network, the time',
  mend: 'See `systemctl --failed` and mend the units, or `systemctl reset-failed` those that do not matter.',
  severity: 'warning',
  inspect: ({ host: { system } }) =>
    system.systemState === null || system.systemState === 'running'
      ? []
      : [{ found: `systemd says that the system is ${system.systemState}` }],
};

const machineId: Check = {
  name: 'machine-id',
  title: 'form of /etc/machine-id',
  why: 'nodes are told apart by it; hosts that were cloned before it was made would be one to logs and monitoring',
  mend: 'Run `rm -f /etc/machine-id; systemd-machine-id-setup`, then start the host anew.',
  severity: 'error',
  inspect({ host: { system } }) {
    if (/^[0-9a-f]{32}$/.test(system.machineId) && !/^0+$/.test(system.machineId)) return [];
    const is = system.machineId === '' ? 'is empty or missing' : `says ${JSON.stringify(system.machineId)}`;
    return [{ found: `/etc/machine-id ${is}, not 32 hexadecimal digits` }];
  },
};

/** What makers of boards leave in when they forget to give each its own. */
const UUIDS_OF_NOBODY = [
  /^0{8}-0{4}-0{4}-0{4}-0{12}$/i,
  /^f{8}-f{4}-f{4}-f{4}-f{12}$/i,
  /^03000200-0400-0500-0006-000700080009$/,
  /^12345678-1234-5678-90ab-cddeefaabbcc$/i,
];

const productUuid: Check = {
  name: 'product-uuid',
  title: 'the UUID of the machine (/sys/class/dmi/id/product_uuid)',
  why: 'it tells machines apart, also after their system was installed anew; this one is that of many machines',
  mend: 'Have the firmware or the hypervisor give the machine a UUID of its own.',
  severity: 'warning',
  inspect({ host: { system } }) {
    const uuid = system.productUuid;
    if (uuid === null || !UUIDS_OF_NOBODY.some((pattern) => pattern.test(uuid))) return [];
    return [{ found: `the machine says that its UUID is ${uuid}` }];
  },
};

const programs: Check = {
  name: 'programs',
  title: 'programs that an installation begins with',
  why: 'they are used before any package of the archive is installed, or no package of it brings them',
  mend: 'Install them from the distribution.',
  severity: 'error',
  inspect({ host: { programs: found } }) {
    const missing = FIRST_PROGRAMS.filter((name) => found[name] === undefined);
    return missing.length === 0 ? [] : [{ found: `there is no ${listed(missing)}` }];
  },
};

const unanswered: Check = {
  name: 'unanswered',
  title: 'what every host should tell of itself',
  why: 'what is not known cannot be judged: other checks are silent about it',
  mend: 'See that the program named there is installed and works, and run as root.',
  severity: 'error',
  inspect: ({ host }) => host.unanswered.map((what) => ({ found: `the host does not tell ${what}` })),
};

/**
 * Those that steps, or the lock of the host, start and that archives do not bring: flock (util-linux), getent (glibc-common), journalctl
 * (systemd), ps (procps-ng), runuser (util-linux) and curl are of the system.
 */
const FIRST_PROGRAMS = [
  'curl',
  'dnf',
  'flock',
  'getent',
  'gpgv',
  'journalctl',
  'modprobe',
  'mount',
  'ps',
  'rpm',
  'runuser',
  'sysctl',
  'systemctl',
  'tar',
  'umount',
] as const satisfies readonly (typeof preflightQuestions.programs)[number][];

export const systemChecks = [
  user,
  platform,
  systemd,
  systemState,
  machineId,
  productUuid,
  programs,
  unanswered,
] as const;
