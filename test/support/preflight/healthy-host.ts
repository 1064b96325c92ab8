import type { ObservedHost } from '../../../src/facts/observed-host.ts';
import { preflightQuestions } from '../../../src/facts/preflight-questions.ts';
import { firstNodeRoles } from '../../../src/kubernetes/node-role.ts';
import type { PreflightSubject } from '../../../src/preflight/check.ts';
import { neededRoom } from '../../../src/preflight/needed-room.ts';
import type { ArchiveDescription } from '../../../src/release/archive-description.ts';
import { carriedPackages } from '../archive/carried-packages.ts';
import { describedDisc } from '../archive/described-disc.ts';
import { exampleConfiguration } from '../kubernetes/example-configuration.ts';

const GIB = 2 ** 30;

/** Of those that are asked about, what a minimal installation brings. */
const PROGRAMS = [
  ...['curl', 'dnf', 'flock', 'getent', 'gpgv', 'journalctl', 'modprobe', 'mount'],
  ...['ps', 'rpm', 'runuser', 'sysctl', 'systemctl', 'tar', 'umount'],
];

/** Freshly installed Enterprise Linux 9 on a machine that is large enough, with an address on each plane. */
export function healthyHost(): ObservedHost {
  const now = Date.parse('2026-11-21T18:00:00Z');
  return {
    hostname: 'bootstrap',
    cpus: 4,
    memoryBytes: 8 * GIB,
    certificateDirectories: ['/etc/pki/ca-trust', '/etc/pki/tls/certs'],
    systemdResolved: false,
    platform: 'el9/x86_64',
    addresses: ['10.200.1.11', '10.200.2.11'],
    mountsImages: true,
    administrator: { name: 'ada', group: 'ada', home: '/home/ada' },
    system: {
      id: 'rocky',
      idLike: ['rhel', 'centos', 'fedora'],
      versionId: '9.6',
      prettyName: 'Rocky Linux 9.6 (Blue Onyx)',
      architecture: 'x86_64',
      machineId: '6b3b0e5c2f7a4d1c9e8f0a1b2c3d4e5f',
      productUuid: '4c4c4544-0038-5610-8052-b9c04f4d3732',
      systemd: 252,
      systemState: 'running',
      user: { uid: 0, name: 'root' },
      swaps: [],
    },
    kernel: {
      release: '5.14.0-570.12.1.el9_6.x86_64',
      commandLine: 'BOOT_IMAGE=(hd0,gpt2)/vmlinuz-5.14.0-570.12.1.el9_6.x86_64 root=/dev/mapper/rl-root ro',
      modules: Object.fromEntries(preflightQuestions.modules.map((name) => [name, 'loadable'])),
      settings: {
        'fs.inotify.max_user_instances': '128',
        'fs.inotify.max_user_watches': '65536',
        'kernel.pid_max': '4194304',
        'net.ipv4.conf.all.rp_filter': '0',
        'net.ipv4.ip_forward': '0',
        'net.ipv4.ip_local_port_range': '32768\t60999',
        'net.ipv4.ip_local_reserved_ports': '',
      },
      configuration: Object.fromEntries(preflightQuestions.kernelOptions.map((name) => [name, 'y'])),
      fileSystems: ['ext4', 'proc', 'tmpfs', 'xfs'],
    },
    cgroup: { version: 2, controllers: ['cpuset', 'cpu', 'io', 'memory', 'hugetlb', 'pids', 'rdma', 'misc'] },
    clock: { epochMs: now, askedMs: now - 3, synchronised: true, timeZone: 'UTC' },
    network: {
      interfaces: [
        { name: 'lo', up: true, mtu: 65_536, mac: null, addresses: ['127.0.0.1/8'] },
        { name: 'eth0', up: true, mtu: 1500, mac: '52:54:00:12:34:01', addresses: ['10.200.1.11/24'] },
        { name: 'eth1', up: true, mtu: 1500, mac: '52:54:00:12:34:02', addresses: ['10.200.2.11/24'] },
      ],
      routes: [
        { destination: '0.0.0.0/0', gateway: '10.200.1.1', device: 'eth0', type: 'unicast' },
        { destination: '10.200.1.0/24', gateway: null, device: 'eth0', type: 'unicast' },
        { destination: '10.200.2.0/24', gateway: null, device: 'eth1', type: 'unicast' },
      ],
      nameServers: ['10.200.1.2'],
      searchDomains: ['site.example'],
      ownName: ['10.200.1.11'],
      localhost: ['127.0.0.1'],
      addressProbes: [
        { address: '10.200.1.11', device: 'eth0', heldBy: [] },
        { address: '10.200.2.11', device: 'eth1', heldBy: [] },
      ],
      foreignChains: [],
    },
    sockets: [
      { protocol: 'tcp', address: '0.0.0.0', port: 22, process: { name: 'sshd', pid: 801 } },
      { protocol: 'udp', address: '127.0.0.1', port: 323, process: { name: 'chronyd', pid: 702 } },
    ],
    fileSystems: preflightQuestions.fileSystems.map((path) => ({
      path,
      mountPoint: '/',
      source: '/dev/mapper/rl-root',
      type: 'xfs',
      options: ['rw', 'relatime', 'attr2', 'inode64', 'noquota'],
      sizeBytes: 60 * GIB,
      availableBytes: 50 * GIB,
      availableInodes: 31_000_000,
      ftype: true,
    })),
    etcdWriteLatencies: [0.4, 0.5, 0.5, 0.6, 0.6, 0.7, 0.8, 1.1, 1.2, 3.8],
    packages: {
      installed: [
        { name: 'bash', version: '5.1.8-9.el9' },
        { name: 'container-selinux', version: '2.235.0-1.el9' },
      ],
      lockedBy: null,
      excluded: [],
      versionLocks: [],
    },
    units: [
      { name: 'chronyd.service', active: true, enabled: true },
      { name: 'firewalld.service', active: false, enabled: false },
    ],
    security: { selinux: 'enforcing', fips: false, fapolicyd: false },
    leftovers: [],
    files: [],
    programs: Object.fromEntries(PROGRAMS.map((name) => [name, `/usr/bin/${name}`])),
    processes: [],
    proxyVariables: [],
    unanswered: [],
  };
}

type Writable<Value> = {
  -readonly [Key in keyof Value]: Value[Key] extends object | null ? Writable<Value[Key]> : Value[Key];
};

/** Made once: it is of some megabytes. */
let description: ArchiveDescription | undefined;

/** A subject with which nothing is wrong, with changes. */
export function healthySubject(change: (subject: Writable<PreflightSubject>) => void = () => {}): PreflightSubject {
  const host = healthyHost();
  description ??= describedDisc({ packages: carriedPackages(20 * 2 ** 20) }).description;
  const archive = {
    description,
    path: '/data/metalk8s.iso',
    kind: 'image',
    stays: true,
    bytes: 2 ** 29,
    fileBytes: GIB,
  } as const;
  const subject: PreflightSubject = {
    host,
    roles: firstNodeRoles,
    configuration: exampleConfiguration(),
    archive: description,
    room: neededRoom([archive], { ...host, roles: firstNodeRoles }),
    ours: false,
  };
  const changed = structuredClone(subject) as Writable<PreflightSubject>;
  change(changed);
  return changed as PreflightSubject;
}
