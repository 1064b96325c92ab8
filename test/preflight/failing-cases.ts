import type { FileSystem, ObservedHost, Socket } from '../../src/facts/observed-host.ts';
import type { Finding } from '../../src/preflight/check.ts';
import type { healthySubject } from '../support/preflight/healthy-host.ts';

type Change = NonNullable<Parameters<typeof healthySubject>[0]>;
type Draft = Parameters<Change>[0];

/** One thing that is wrong, and all that is found then. */
export interface FailingCase {
  readonly check: string;
  readonly when: string;
  readonly change: Change;
  readonly found: readonly string[];
  readonly severity?: Finding['severity'];
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;

function withInterface(
  host: Draft['host'],
  name: string,
  change: (found: ObservedHost['network']['interfaces'][number]) => object,
) {
  const { interfaces } = host.network;
  const index = interfaces.findIndex((each) => each.name === name);
  const found = interfaces[index];
  if (found === undefined) throw new Error(`no interface ${name}`);
  Object.assign(found, change(found));
}

function withFileSystem(host: Draft['host'], path: string, changes: Partial<FileSystem>) {
  const found = host.fileSystems.find((each) => each.path === path);
  Object.assign(found ?? {}, { mountPoint: path, source: '/dev/sdb1' }, changes);
}

function withUnit(host: Draft['host'], name: string, state: 'active' | 'enabled' | 'both') {
  host.units.push({ name, active: state !== 'enabled', enabled: state !== 'active' });
}

function installed(host: Draft['host'], name: string, version: string) {
  host.packages.installed?.push({ name, version });
}

function socket(address: string, port: number, name: string, protocol: Socket['protocol'] = 'tcp'): Socket {
  return { protocol, address, port, process: { name, pid: 4711 } };
}

const V1 = { version: 1, controllers: ['cpu', 'cpuacct', 'cpuset', 'devices', 'freezer', 'memory', 'pids', 'blkio'] };

export const failingCases: readonly FailingCase[] = [
  // System
  {
    check: 'user',
    when: 'somebody else than root calls',
    change: ({ host }) => Object.assign(host.system.user, { uid: 1000, name: 'ada' }),
    found: ['it runs as ada (uid 1000)'],
  },
  {
    check: 'platform',
    when: 'no release has packages for the system',
    change: ({ host }) => {
      host.platform = null;
      host.system.prettyName = 'Debian GNU/Linux 12 (bookworm)';
    },
    found: ['Debian GNU/Linux 12 (bookworm) on x86_64 is no system that releases have packages for'],
  },
  {
    check: 'platform',
    when: 'the archive has none for it',
    change: ({ host }) => {
      host.platform = 'el8/x86_64';
      host.system.prettyName = 'Rocky Linux 8.10 (Green Obsidian)';
    },
    found: [
      'Rocky Linux 8.10 (Green Obsidian) on x86_64 is el8/x86_64, and the archive 136.0.0 has packages for el9/x86_64',
    ],
  },
  {
    check: 'systemd',
    when: 'another init has started the host',
    change: ({ host }) => Object.assign(host.system, { systemd: null, systemState: null }),
    found: ['the host was not started by systemd'],
  },
  {
    check: 'systemd',
    when: 'it is old',
    change: ({ host }) => Object.assign(host.system, { systemd: 219 }),
    found: ['systemd is of version 219'],
  },
  {
    check: 'systemd',
    when: 'it does not answer',
    change: ({ host }) => Object.assign(host.system, { systemState: null }),
    found: ['systemd does not answer'],
  },
  {
    check: 'system-state',
    when: 'a unit has failed',
    change: ({ host }) => Object.assign(host.system, { systemState: 'degraded' }),
    found: ['systemd says that the system is degraded'],
    severity: 'warning',
  },
  {
    check: 'machine-id',
    when: 'the host is a clone that was not started yet',
    change: ({ host }) => Object.assign(host.system, { machineId: 'uninitialized' }),
    found: ['/etc/machine-id says "uninitialized", not 32 hexadecimal digits'],
  },
  {
    check: 'machine-id',
    when: 'it is empty',
    change: ({ host }) => Object.assign(host.system, { machineId: '' }),
    found: ['/etc/machine-id is empty or missing, not 32 hexadecimal digits'],
  },
  {
    check: 'product-uuid',
    when: 'the maker of the board gave all the same',
    change: ({ host }) => Object.assign(host.system, { productUuid: '03000200-0400-0500-0006-000700080009' }),
    found: ['the machine says that its UUID is 03000200-0400-0500-0006-000700080009'],
    severity: 'warning',
  },
  {
    check: 'programs',
    when: 'gpgv and tar are not installed',
    change: ({ host }) => {
      delete (host.programs as Record<string, string>).gpgv;
      delete (host.programs as Record<string, string>).tar;
    },
    found: ['there is no gpgv and tar'],
  },
  {
    check: 'programs',
    when: 'those of base packages that no archive brings are not there',
    change: ({ host }) => {
      delete (host.programs as Record<string, string>).curl;
      delete (host.programs as Record<string, string>).flock;
    },
    found: ['there is no curl and flock'],
  },
  {
    check: 'unanswered',
    when: 'ss is missing',
    change: ({ host }) => {
      host.unanswered.push('open sockets (ss)');
    },
    found: ['the host does not tell open sockets (ss)'],
  },
  // Resources
  {
    check: 'cpus',
    when: 'a control plane has one processor',
    change: ({ host }) => Object.assign(host, { cpus: 1 }),
    found: ['the host has 1 processor, of which pods get a part'],
  },
  {
    check: 'cpus',
    when: 'a worker has one processor',
    change: (subject) => {
      subject.roles = ['workload'];
      subject.host.cpus = 1;
    },
    found: ['the host has 1 processor, of which pods get a part'],
    severity: 'warning',
  },
  {
    check: 'memory',
    when: 'a control plane has less than kubeadm asks for',
    change: ({ host }) => Object.assign(host, { memoryBytes: 1699 * MIB }),
    found: ['the host has 1.6 GiB of memory'],
  },
  {
    check: 'memory',
    when: 'a control plane has little',
    change: ({ host }) => Object.assign(host, { memoryBytes: 3 * GIB }),
    found: ['the host has 3.0 GiB of memory'],
    severity: 'warning',
  },
  {
    check: 'memory',
    when: 'a worker has next to none',
    change: (subject) => {
      subject.roles = ['workload'];
      subject.host.memoryBytes = 512 * MIB;
    },
    found: ['the host has 512 MiB of memory'],
  },
  {
    check: 'swap',
    when: 'there is some',
    change: ({ host }) => {
      host.system.swaps.push({ path: '/dev/dm-1', bytes: 4 * GIB });
    },
    found: ['/dev/dm-1 is swap of 4.0 GiB'],
    severity: 'warning',
  },
  {
    check: 'pid-limit',
    when: 'it is low',
    change: ({ host }) => Object.assign(host.kernel.settings, { 'kernel.pid_max': '4096' }),
    found: ['kernel.pid_max is 4096'],
  },
  {
    check: 'file-watching',
    when: 'few watchers are allowed',
    change: ({ host }) => Object.assign(host.kernel.settings, { 'fs.inotify.max_user_instances': '16' }),
    found: ['fs.inotify.max_user_instances is 16, and the kernel’s own default is 128 or more'],
    severity: 'warning',
  },
  // Kernel
  {
    check: 'kernel-version',
    when: 'it is of Enterprise Linux 7',
    change: ({ host }) => Object.assign(host.kernel, { release: '3.10.0-1160.119.1.el7.x86_64' }),
    found: ['the kernel is 3.10.0-1160.119.1.el7.x86_64'],
  },
  {
    check: 'kernel-version',
    when: 'it says nothing that can be understood',
    change: ({ host }) => Object.assign(host.kernel, { release: 'custom' }),
    found: ['the kernel says that it is "custom"'],
  },
  {
    check: 'kernel-memory-accounting',
    when: 'it is an early one of Enterprise Linux 8',
    change: ({ host }) => Object.assign(host.kernel, { release: '4.18.0-193.14.2.el8_2.x86_64' }),
    found: ['the kernel is 4.18.0-193.14.2.el8_2.x86_64, of Enterprise Linux 8.2 or before'],
    severity: 'warning',
  },
  {
    check: 'kernel-configuration',
    when: 'it lacks options, one of which cgroup v2 needs',
    change: ({ host }) => Object.assign(host.kernel.configuration ?? {}, { CFS_BANDWIDTH: 'n', CGROUP_BPF: 'n' }),
    found: ['the kernel was built without CONFIG_CFS_BANDWIDTH and CONFIG_CGROUP_BPF'],
  },
  {
    check: 'kernel-configuration',
    when: 'nobody tells',
    change: ({ host }) => Object.assign(host.kernel, { configuration: null }),
    found: ['the host does not tell how its kernel was built'],
    severity: 'warning',
  },
  {
    check: 'overlay',
    when: 'the module is forbidden',
    change: ({ host }) => Object.assign(host.kernel.modules, { overlay: 'missing' }),
    found: ['the kernel knows no overlay file system, and has no module for it'],
  },
  {
    check: 'kernel-modules',
    when: 'the rest of the kernel is not installed',
    change: ({ host }) => Object.assign(host.kernel.modules, { br_netfilter: 'missing', xt_set: 'missing' }),
    found: ['the kernel has no module br_netfilter and xt_set'],
  },
  {
    check: 'image-mounts',
    when: 'there are no loop devices',
    change: ({ host }) => Object.assign(host, { mountsImages: false }),
    found: ['the kernel has no loop devices, or knows no ISO 9660'],
    severity: 'warning',
  },
  // Control groups
  {
    check: 'cgroup-version',
    when: 'it is 1, and nobody allowed it',
    change: ({ host }) => Object.assign(host.cgroup, V1),
    found: ['the host uses cgroup version 1'],
  },
  {
    check: 'cgroup-version',
    when: 'it is 1, and the configuration allows it',
    change: ({ host, configuration }) => {
      Object.assign(host.cgroup, V1);
      configuration.kubernetes.kubelet.allowCgroupV1 = true;
    },
    found: ['the host uses cgroup version 1, as kubernetes.kubelet.allowCgroupV1 allows'],
    severity: 'warning',
  },
  {
    check: 'cgroup-version',
    when: 'it is 1, and Kubernetes still takes it',
    change: ({ host, archive }) => {
      Object.assign(host.cgroup, V1);
      Object.assign(archive ?? {}, { kubernetes: '1.34.4' });
    },
    found: ['the host uses cgroup version 1'],
    severity: 'warning',
  },
  {
    check: 'cgroup-controllers',
    when: 'memory cannot be limited',
    change: ({ host }) => {
      host.cgroup.controllers = ['cpu', 'cpuset', 'pids'];
    },
    found: ['there is no controller memory'],
  },
  // Time
  {
    check: 'clock-synchronised',
    when: 'it is not',
    change: ({ host }) => Object.assign(host.clock, { synchronised: false }),
    found: ['the clock is not synchronised'],
    severity: 'warning',
  },
  {
    check: 'clock-synchronised',
    when: 'nobody knows',
    change: ({ host }) => Object.assign(host.clock, { synchronised: null }),
    found: ['nothing on the host keeps its clock'],
    severity: 'warning',
  },
  {
    check: 'clock-skew',
    when: 'the host is slow',
    change: ({ host }) => {
      host.clock.askedMs = host.clock.epochMs + 31_000;
    },
    found: ['the clock is 31 s slow'],
  },
  {
    check: 'clock-skew',
    when: 'the host is fast',
    change: ({ host }) => {
      host.clock.askedMs = host.clock.epochMs - 31_000;
    },
    found: ['the clock is 31 s fast'],
  },
  {
    check: 'clock-archive',
    when: 'it stands before the archive was made',
    change: ({ host }) => {
      host.clock.epochMs = Date.parse('2020-01-01T00:00:00Z');
      host.clock.askedMs = host.clock.epochMs;
    },
    found: ['the clock says 2020-01-01, and the archive is of 2026-11-21'],
  },
  // Names
  {
    check: 'hostname',
    when: 'nobody gave it one',
    change: ({ host, configuration }) => {
      host.hostname = 'localhost.localdomain';
      configuration.ca.minion = host.hostname;
    },
    found: ['the host is called localhost.localdomain, as every host is that nobody named'],
  },
  {
    check: 'hostname',
    when: 'it cannot be a name',
    change: ({ host, configuration }) => {
      host.hostname = 'node_1';
      configuration.ca.minion = host.hostname;
    },
    found: ['"node_1" cannot be the name of a node'],
  },
  {
    check: 'ca-minion',
    when: 'the configuration names another',
    change: ({ configuration }) => Object.assign(configuration.ca, { minion: 'first' }),
    found: ['the host is called bootstrap, and ca.minion is first'],
  },
  {
    check: 'hostname-resolution',
    when: 'it resolves to nothing',
    change: ({ host }) => Object.assign(host.network, { ownName: [] }),
    found: ['bootstrap resolves to nothing'],
    severity: 'warning',
  },
  {
    check: 'hostname-resolution',
    when: 'it resolves to 127.0.1.1',
    change: ({ host }) => Object.assign(host.network, { ownName: ['127.0.1.1'] }),
    found: ['bootstrap resolves to 127.0.1.1, which is any host itself'],
    severity: 'warning',
  },
  {
    check: 'hostname-resolution',
    when: 'it resolves to another host',
    change: ({ host }) => Object.assign(host.network, { ownName: ['10.200.1.12'] }),
    found: ['bootstrap resolves to 10.200.1.12, which is no address of the host'],
    severity: 'warning',
  },
  {
    check: 'localhost',
    when: 'it resolves to nothing',
    change: ({ host }) => Object.assign(host.network, { localhost: [] }),
    found: ['localhost resolves to nothing'],
  },
  {
    check: 'localhost',
    when: 'it resolves to an address of the host',
    change: ({ host }) => Object.assign(host.network, { localhost: ['10.200.1.11'] }),
    found: ['localhost resolves to 10.200.1.11'],
  },
  {
    check: 'name-servers',
    when: 'there is no file',
    change: ({ host }) => Object.assign(host.network, { nameServers: null }),
    found: ['/etc/resolv.conf is not there, or is a link that leads nowhere'],
  },
  {
    check: 'name-servers',
    when: 'there are none, and CoreDNS is to ask them',
    change: ({ host }) => Object.assign(host.network, { nameServers: [] }),
    found: ['/etc/resolv.conf names no server, and kubernetes.coreDNS.hostForward is on'],
  },
  {
    check: 'name-server-loop',
    when: 'the host asks itself',
    change: ({ host }) => Object.assign(host.network, { nameServers: ['127.0.0.1', '10.200.1.2'] }),
    found: ['/etc/resolv.conf names 127.0.0.1'],
  },
  {
    check: 'name-server-loop',
    when: 'the host asks itself, and CoreDNS asks nobody',
    change: ({ host, configuration }) => {
      host.network.nameServers = ['127.0.0.53'];
      configuration.kubernetes.coreDNS.hostForward = false;
    },
    found: ['/etc/resolv.conf names 127.0.0.53'],
    severity: 'warning',
  },
  {
    check: 'resolver-limits',
    when: 'there are four servers',
    change: ({ host }) =>
      Object.assign(host.network, { nameServers: ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'] }),
    found: ['4 name servers, of which 3 are used'],
    severity: 'warning',
  },
  {
    check: 'resolver-limits',
    when: 'there are thirty domains',
    change: ({ host }) =>
      Object.assign(host.network, { searchDomains: Array.from({ length: 30 }, (_, index) => `d${index}.example`) }),
    found: ['30 search domains, of which 29 are left to the host'],
    severity: 'warning',
  },
  // Addresses
  {
    check: 'control-plane-address',
    when: 'the host has none there',
    change: ({ host, configuration }) => {
      configuration.networks.controlPlane.cidr = ['192.0.2.0/24', '198.51.100.0/24'];
      host.network.routes = host.network.routes.slice(0, 1);
    },
    found: [
      'the host has no address in 192.0.2.0/24 and 198.51.100.0/24 (networks.controlPlane.cidr); it has 10.200.1.11 and 10.200.2.11',
    ],
  },
  {
    check: 'workload-plane-address',
    when: 'the host has none there',
    change: ({ configuration: { networks } }) => {
      for (const each of [networks.workloadPlane, networks.nodeport, networks.portmap]) each.cidr = ['192.0.2.0/24'];
    },
    found: [
      'the host has no address in 192.0.2.0/24 (networks.workloadPlane.cidr); it has 10.200.1.11 and 10.200.2.11',
    ],
  },
  {
    check: 'ambiguous-address',
    when: 'there is a virtual one as well',
    change: ({ host }) => {
      host.addresses.push('10.200.1.100');
      withInterface(host, 'eth0', ({ addresses }) => ({ addresses: [...addresses, '10.200.1.100/32'] }));
      host.network.addressProbes.push({ address: '10.200.1.100', device: 'eth0', heldBy: [] });
    },
    found: ['10.200.1.11 and 10.200.1.100 are in networks.controlPlane.cidr; 10.200.1.11 is taken'],
    severity: 'warning',
  },
  {
    check: 'endpoint',
    when: 'it is a virtual address of the host, and no load balancer runs',
    change: ({ host, configuration: { networks } }) => {
      host.addresses.unshift('10.200.1.100');
      withInterface(host, 'eth0', ({ addresses }) => ({ addresses: ['10.200.1.100/32', ...addresses] }));
      Object.assign(networks.controlPlane, { endpoint: '10.200.1.100:6443' });
    },
    found: ['10.200.1.100 is an address of the host, and nothing listens on its port 6443'],
  },
  {
    check: 'endpoint',
    when: 'it is the address of the host with another port',
    change: ({ configuration: { networks } }) => {
      Object.assign(networks.controlPlane, { endpoint: '10.200.1.11:8443' });
    },
    found: ['10.200.1.11 is an address of the host, and nothing listens on its port 8443'],
  },
  {
    check: 'endpoint',
    when: 'something listens there for IPv6 alone',
    change: ({ host, configuration: { networks } }) => {
      Object.assign(networks.controlPlane, { endpoint: '10.200.1.11:8443' });
      host.sockets.push({ protocol: 'tcp', address: '::', port: 8443, process: null });
    },
    found: ['10.200.1.11 is an address of the host, and nothing listens on its port 8443'],
  },
  {
    check: 'duplicate-address',
    when: 'two interfaces have one',
    change: ({ host }) => {
      host.network.interfaces.push({ name: 'eth2', up: true, mtu: 1500, mac: null, addresses: ['10.200.1.11/24'] });
    },
    found: ['10.200.1.11 is on eth0 and eth2'],
  },
  {
    check: 'address-conflict',
    when: 'another machine answers for an address of the host',
    change: ({ host }) => {
      host.network.addressProbes = [
        { address: '10.200.1.11', device: 'eth0', heldBy: ['aa:1c:36:88:10:66'] },
        { address: '10.200.2.11', device: 'eth1', heldBy: [] },
      ];
    },
    found: ['10.200.1.11 is also held by aa:1c:36:88:10:66'],
  },
  {
    check: 'address-conflict',
    when: 'there is no arping',
    change: ({ host }) => {
      host.network.addressProbes = [];
    },
    found: ['other machines could not be asked about 10.200.1.11 and 10.200.2.11'],
    severity: 'warning',
  },
  {
    check: 'address-conflict',
    when: 'nothing could be sent on one plane',
    change: ({ host }) => {
      host.network.addressProbes = [
        { address: '10.200.1.11', device: 'eth0', heldBy: [] },
        { address: '10.200.2.11', device: 'eth1', heldBy: null },
      ];
    },
    found: ['other machines could not be asked about 10.200.2.11'],
    severity: 'warning',
  },
  {
    check: 'plane-interface',
    when: 'it is down',
    change: ({ host }) => withInterface(host, 'eth1', () => ({ up: false })),
    found: ['the interface eth1 is down'],
  },
  {
    check: 'mtu',
    when: 'it is lower than the configuration says',
    change: ({ host }) => withInterface(host, 'eth1', () => ({ mtu: 1400 })),
    found: ['eth1 has an MTU of 1400, and networks.workloadPlane.mtu is 1460'],
  },
  {
    check: 'opened-ports',
    when: 'the host is nowhere where node ports are opened',
    change: ({ configuration }) => Object.assign(configuration.networks.nodeport, { cidr: ['192.0.2.0/24'] }),
    found: ['the host has no address in 192.0.2.0/24 (networks.nodeport.cidr)'],
    severity: 'warning',
  },
  {
    check: 'oidc-authority',
    when: 'the file that is named is not there',
    change: ({ configuration: { kubernetes } }) => {
      kubernetes.apiServer.oidc = { issuerURL: 'https://login.example', clientID: 'k8s', CAFile: '/etc/login.crt' };
    },
    found: ['/etc/login.crt (kubernetes.apiServer.oidc.CAFile) is not there, or no file'],
  },
  // Routes
  {
    check: 'service-route',
    when: 'there is no default route',
    change: ({ host }) => Object.assign(host.network, { routes: host.network.routes.slice(1) }),
    found: [
      'no route leads to all of 10.96.0.0/12 (networks.services), or to 169.254.1.1, the gateway of pods, and there is no default route',
    ],
  },
  {
    check: 'service-route',
    when: 'there is a route for Services, but none by which the kernel would answer pods that ask for their gateway',
    change: ({ host }) => {
      host.network.routes = [
        ...host.network.routes.slice(1),
        { destination: '10.96.0.0/12', gateway: null, device: 'eth0', type: 'unicast' },
      ];
    },
    found: ['no route leads to 169.254.1.1, the gateway of pods, and there is no default route'],
  },
  {
    check: 'service-route',
    when: 'one half is unreachable',
    change: ({ host }) => {
      host.network.routes = [
        ...host.network.routes.slice(1),
        { destination: '10.96.0.0/13', gateway: '10.200.1.1', device: 'eth0', type: 'unicast' },
        { destination: '8.0.0.0/5', gateway: null, device: null, type: 'unreachable' },
      ];
    },
    found: [
      'no route leads to all of 10.96.0.0/12 (networks.services), or to 169.254.1.1, the gateway of pods, and there is no default route',
      'the route 10.96.0.0/13 via 10.200.1.1 dev eth0 leads into 10.96.0.0/12 (networks.services)',
    ],
  },
  {
    check: 'pod-network',
    when: 'a part of it is the network of something else',
    change: ({ host }) => {
      host.network.routes.push({ destination: '10.233.7.0/24', gateway: null, device: 'virbr0', type: 'unicast' });
    },
    found: ['the route 10.233.7.0/24 dev virbr0 leads into 10.233.0.0/16 (networks.pods)'],
  },
  {
    check: 'service-network',
    when: 'a part of it lies behind a router',
    change: ({ host }) => {
      host.network.routes.push({
        destination: '10.100.0.0/16',
        gateway: '10.200.1.9',
        device: 'eth0',
        type: 'unicast',
      });
    },
    found: ['the route 10.100.0.0/16 via 10.200.1.9 dev eth0 leads into 10.96.0.0/12 (networks.services)'],
  },
  {
    check: 'plane-routes',
    when: 'half of the plane is elsewhere',
    change: ({ host }) => {
      host.network.routes.push({
        destination: '10.200.1.128/25',
        gateway: '10.200.2.1',
        device: 'eth1',
        type: 'unicast',
      });
    },
    found: ['the route 10.200.1.128/25 via 10.200.2.1 dev eth1 takes addresses out of 10.200.1.0/24'],
    severity: 'warning',
  },
  // Ports
  {
    check: 'ports',
    when: 'others listen there',
    change: ({ host }) => {
      host.sockets.push(
        socket('0.0.0.0', 6443, 'haproxy'),
        socket('10.200.1.11', 5000, 'registry'),
        socket('127.0.0.1', 9099, 'prometheus'),
        { ...socket('10.200.2.11', 4789, '', 'udp'), process: null },
      );
    },
    found: [
      'haproxy (process 4711) listens on 0.0.0.0:6443, which kube-apiserver needs for Kubernetes API',
      'registry (process 4711) listens on 10.200.1.11:5000, which registry needs for images and packages',
      'prometheus (process 4711) listens on 127.0.0.1:9099, which calico-node needs for health',
      'something that is not told listens on 10.200.2.11:4789/udp, which calico-node needs for pods of other nodes (VXLAN)',
    ],
  },
  {
    check: 'ports',
    when: 'a run of ours was begun, and somebody else has taken a port since',
    change: (subject) => {
      subject.ours = true;
      subject.host.sockets.push(socket('10.200.1.11', 6443, 'kube-apiserver'), socket('127.0.0.1', 2379, 'nc'));
    },
    found: ['nc (process 4711) listens on 127.0.0.1:2379, which etcd needs for clients'],
  },
  {
    check: 'local-port-range',
    when: 'everything from 1024 on is in it',
    change: ({ host }) =>
      Object.assign(host.kernel.settings, {
        'net.ipv4.ip_local_port_range': '1024 65535',
        'net.ipv4.ip_local_reserved_ports': '2379-2380,5000,6443,10250,10256',
      }),
    found: ['the range is 1024 to 65535, with node ports (30000 to 32767), 4789 of calico-node in it'],
    severity: 'warning',
  },
  // Network services
  {
    check: 'firewalld',
    when: 'it will run after the next start',
    change: ({ host }) => withUnit(host, 'firewalld.service', 'enabled'),
    found: ['firewalld.service is enabled'],
  },
  {
    check: 'other-firewall',
    when: 'nftables loads rules',
    change: ({ host }) => withUnit(host, 'nftables.service', 'both'),
    found: ['nftables.service is active and enabled'],
    severity: 'warning',
  },
  {
    check: 'nm-cloud-setup',
    when: 'its timer runs',
    change: ({ host }) => withUnit(host, 'nm-cloud-setup.timer', 'both'),
    found: ['nm-cloud-setup.timer is active and enabled'],
  },
  {
    check: 'reverse-path-filter',
    when: 'it is loose',
    change: ({ host }) => Object.assign(host.kernel.settings, { 'net.ipv4.conf.all.rp_filter': '2' }),
    found: ['net.ipv4.conf.all.rp_filter is 2'],
  },
  {
    check: 'foreign-chains',
    when: 'kube-proxy of another cluster has left some',
    change: ({ host }) => {
      host.network.foreignChains = ['KUBE-A', 'KUBE-B', 'KUBE-C', 'KUBE-D', 'KUBE-E', 'cali-F'];
    },
    found: ['6 chains of iptables: KUBE-A, KUBE-B, KUBE-C, KUBE-D, KUBE-E and 1 more'],
  },
  {
    check: 'leftover-interfaces',
    when: 'flannel was here',
    change: ({ host }) => {
      const others = ['cni0', 'flannel.1', 'cali0123456789a', 'cali-lan'];
      host.network.interfaces.push(...others.map((name) => ({ name, up: true, mtu: 1450, mac: null, addresses: [] })));
    },
    found: ['there is an interface cni0', 'there is an interface flannel.1', 'there is an interface cali0123456789a'],
  },
  {
    check: 'proxy-environment',
    when: 'there are no exceptions',
    change: ({ host }) => {
      host.proxyVariables = ['http_proxy', 'HTTPS_PROXY'];
    },
    found: ['http_proxy and HTTPS_PROXY without no_proxy'],
    severity: 'warning',
  },
  // Disks
  {
    check: 'disk-space',
    when: 'the disk is small',
    change: ({ host }) => {
      for (const each of host.fileSystems) Object.assign(each, { sizeBytes: 8 * GIB, availableBytes: 6 * GIB });
    },
    found: [
      '/ has 6.0 GiB of 8.0 GiB left, and 9.3 GiB are needed for /var/lib/containerd, /usr/bin, /opt/saltstack, /var/lib/metalk8s, ' +
        '/var/lib/kubelet, /var/log and /var/lib/etcd',
    ],
  },
  {
    check: 'disk-space',
    when: 'a disk of its own is too small',
    change: ({ host }) => withFileSystem(host, '/var/lib/etcd', { sizeBytes: GIB, availableBytes: GIB }),
    found: ['/var/lib/etcd has 1.0 GiB of 1.0 GiB left, and 2.9 GiB are needed for /var/lib/etcd'],
  },
  {
    check: 'disk-space',
    when: 'a disk of its own lacks a little',
    change: ({ host }) => withFileSystem(host, '/var/lib/etcd', { sizeBytes: 9 * GIB, availableBytes: 2.87 * GIB }),
    found: ['/var/lib/etcd has 2.8 GiB of 9.0 GiB left, and 2.9 GiB are needed for /var/lib/etcd'],
  },
  {
    check: 'disk-pressure',
    when: 'the disk is nearly full afterwards',
    change: ({ host }) => {
      for (const each of host.fileSystems) Object.assign(each, { sizeBytes: 100 * GIB, availableBytes: 20 * GIB });
    },
    found: ['/ will have 11 % left, and 15 % is the least for /var/lib/containerd'],
  },
  {
    check: 'inodes',
    when: 'there are few',
    change: ({ host }) => withFileSystem(host, '/var/lib/containerd', { availableInodes: 65_536 }),
    found: ['/var/lib/containerd can take 65536 more files, and 100000 are the least'],
  },
  {
    check: 'etcd-latency',
    when: 'one write in ten waits',
    change: ({ host }) => Object.assign(host, { etcdWriteLatencies: [1, 1, 1, 2, 2, 2, 3, 3, 4, 25] }),
    found: ['99 of 100 writes take up to 25.0 ms, half of them up to 2.0 ms; 10 ms are good'],
    severity: 'warning',
  },
  {
    check: 'etcd-latency',
    when: 'the disk is far too slow',
    change: ({ host }) => Object.assign(host, { etcdWriteLatencies: [90, 120, 150] }),
    found: ['99 of 100 writes take up to 150.0 ms, half of them up to 120.0 ms; 10 ms are good'],
  },
  {
    check: 'etcd-latency',
    when: 'it is as slow below the etcd of a run of ours, which is to come to its end',
    change: (subject) => {
      subject.ours = true;
      Object.assign(subject.host, { etcdWriteLatencies: [90, 120, 150] });
    },
    found: ['99 of 100 writes take up to 150.0 ms, half of them up to 120.0 ms; 10 ms are good'],
    severity: 'warning',
  },
  {
    check: 'etcd-latency',
    when: 'it could not be measured',
    change: ({ host }) => Object.assign(host, { etcdWriteLatencies: null }),
    found: ['it could not be measured'],
    severity: 'warning',
  },
  // File systems
  {
    check: 'etcd-file-system',
    when: 'it is another machine’s',
    change: ({ host }) => withFileSystem(host, '/var/lib/etcd', { type: 'nfs4' }),
    found: ['/var/lib/etcd, which has /var/lib/etcd, is nfs4'],
  },
  {
    check: 'container-file-system',
    when: 'it is an overlay itself',
    change: ({ host }) => withFileSystem(host, '/var/lib/containerd', { type: 'overlay', mountPoint: '/var' }),
    found: ['/var, which has /var/lib/containerd, is overlay'],
  },
  {
    check: 'xfs-ftype',
    when: 'it was made by an old installer',
    change: ({ host }) => withFileSystem(host, '/var/lib/containerd', { ftype: false }),
    found: ['/var/lib/containerd, which has /var/lib/containerd, is XFS that was made with ftype=0'],
  },
  {
    check: 'lasting-storage',
    when: 'the kubelet would keep its state in memory',
    change: ({ host }) => withFileSystem(host, '/var/lib/kubelet', { type: 'tmpfs' }),
    found: ['/var/lib/kubelet, which has /var/lib/kubelet, is tmpfs, which is lost with the power'],
  },
  {
    check: 'read-only',
    when: 'programs cannot be installed',
    change: ({ host }) => withFileSystem(host, '/usr/bin', { mountPoint: '/usr', options: ['ro', 'relatime'] }),
    found: ['/usr, which has /usr/bin, is mounted read-only'],
  },
  {
    check: 'noexec',
    when: 'a hardening guide was followed',
    change: ({ host }) => {
      const mounted = { mountPoint: '/var', options: ['rw', 'noexec'] };
      withFileSystem(host, '/var/lib/containerd', mounted);
      withFileSystem(host, '/var/lib/metalk8s', mounted);
    },
    found: ['/var, which has /var/lib/containerd and /var/lib/metalk8s, is mounted with noexec'],
  },
  {
    check: 'nosuid',
    when: 'a hardening guide was followed',
    change: ({ host }) => withFileSystem(host, '/var/lib/containerd', { options: ['rw', 'nosuid', 'nodev'] }),
    found: ['/var/lib/containerd, which has /var/lib/containerd, is mounted with nosuid'],
    severity: 'warning',
  },
  // Packages
  {
    check: 'rpm-database',
    when: 'it is broken',
    change: ({ host }) => {
      Object.assign(host.packages, { installed: null });
      host.security.selinux = 'permissive';
    },
    found: ['rpm cannot list what is installed'],
  },
  {
    check: 'package-manager-busy',
    when: 'an update runs',
    change: ({ host }) => Object.assign(host.packages, { lockedBy: 'dnf (process 1234)' }),
    found: ['dnf (process 1234) holds the lock of the package manager'],
  },
  {
    check: 'conflicting-packages',
    when: 'podman and its runc are installed',
    change: ({ host }) => {
      installed(host, 'runc', '1.2.5-1.el9');
      installed(host, 'podman', '5.4.0-1.el9');
    },
    found: [
      'runc 1.2.5-1.el9 is installed: containerd.io brings its own /usr/bin/runc and replaces the package runc',
      'podman 5.4.0-1.el9 is installed: Podman may require the package runc, which containerd.io replaces',
    ],
  },
  {
    check: 'container-engines',
    when: 'Docker is installed',
    change: ({ host }) => installed(host, 'docker-ce', '27.5.1-1.el9'),
    found: ['docker-ce 27.5.1-1.el9 is installed'],
  },
  {
    check: 'other-kubernetes',
    when: 'k3s is there',
    change: ({ host }) => Object.assign(host.programs, { k3s: '/usr/local/bin/k3s' }),
    found: ['there is /usr/local/bin/k3s'],
  },
  {
    check: 'other-salt',
    when: 'a minion of another master manages the host',
    change: ({ host }) => {
      installed(host, 'salt-minion', '3006.10-0');
      withUnit(host, 'salt-minion.service', 'both');
    },
    found: ['salt-minion 3006.10-0 is installed and salt-minion.service runs'],
  },
  {
    check: 'installed-versions',
    when: 'an older kubelet is installed',
    change: ({ host }) => installed(host, 'kubelet', '1.30.2-150500.1.1'),
    found: ['kubelet 1.30.2-150500.1.1 is installed, and the release has 1.36.3-150500.1.1'],
  },
  {
    check: 'package-excludes',
    when: 'the owner keeps Kubernetes out',
    change: ({ host }) => {
      host.packages.excluded = ['kube*', 'kernel*', 'salt-minion.x86_64'];
    },
    found: [
      '"kube*" is excluded, which keeps out kubelet',
      '"salt-minion.x86_64" is excluded, which keeps out salt-minion',
    ],
  },
  {
    check: 'package-locks',
    when: 'the owner keeps versions',
    change: ({ host }) => {
      host.packages.versionLocks = ['socat-0:1.7.3-1.el9.*', 'kernel-0:5.14.0-70.el9.*', '!kubelet-0:1.30.1-1.*'];
    },
    found: ['socat is kept from the version of the release'],
  },
  {
    check: 'package-locks',
    when: 'the owner keeps versions of all that fits a pattern',
    change: ({ host }) => {
      host.packages.versionLocks = ['kube*-0:1.30.*-*'];
    },
    found: ['kubelet is kept from the version of the release'],
  },
  // Services
  {
    check: 'conflicting-services',
    when: 'Docker runs',
    change: ({ host }) => {
      withUnit(host, 'docker.service', 'active');
      host.processes.push({ name: 'dockerd', pid: 900 }, { name: 'containerd', pid: 901 });
    },
    found: ['docker.service is active'],
  },
  {
    check: 'conflicting-processes',
    when: 'somebody runs an etcd by hand',
    change: ({ host }) => {
      host.processes.push({ name: 'etcd', pid: 900 });
    },
    found: ['there is etcd (process 900)'],
  },
  {
    check: 'automatic-updates',
    when: 'they are installed each night',
    change: ({ host }) => withUnit(host, 'dnf-automatic.timer', 'both'),
    found: ['dnf-automatic.timer is active and enabled'],
    severity: 'warning',
  },
  // Security
  {
    check: 'selinux',
    when: 'there are no rules for containers',
    change: ({ host }) => {
      host.packages.installed = [{ name: 'bash', version: '5.1.8-9.el9' }];
    },
    found: ['SELinux is enforcing, and neither the host nor the archive 136.0.0 has container-selinux'],
  },
  {
    check: 'fips-secrets',
    when: 'they are encrypted by secretbox',
    change: ({ host }) => Object.assign(host.security, { fips: true }),
    found: ['the host is in FIPS mode, and kubernetes.secretsEncryption is secretbox', 'the host is in FIPS mode'],
    severity: 'warning',
  },
  {
    check: 'fips-programs',
    when: 'the mode is on',
    change: ({ host, configuration }) => {
      host.security.fips = true;
      configuration.kubernetes.secretsEncryption = 'aescbc';
    },
    found: ['the host is in FIPS mode'],
    severity: 'warning',
  },
  {
    check: 'fapolicyd',
    when: 'it runs',
    change: ({ host }) => Object.assign(host.security, { fapolicyd: true }),
    found: ['fapolicyd decides which programs start'],
  },
  // Leftovers
  leftover('etcd-data', '/var/lib/etcd', 'folder with 1 entry'),
  leftover('cluster-authority', '/etc/kubernetes/pki/ca.crt', 'file'),
  leftover('leftover-manifests', '/etc/kubernetes/manifests/etcd.yaml', 'file'),
  leftover('leftover-kubeconfigs', '/etc/kubernetes/admin.conf', 'file'),
  leftover('leftover-kubelet', '/var/lib/kubelet', 'folder with 7 entries'),
  leftover('leftover-network', '/etc/cni/net.d/10-flannel.conflist', 'file'),
  leftover('leftover-containers', '/var/lib/containerd', 'folder with 10 entries'),
  leftover('leftover-metalk8s', '/etc/salt/pki', 'folder with 1 entry'),
  leftover('other-leftovers', '/var/lib/rancher', 'folder with 2 entries'),
];

function leftover(check: string, path: string, what: string): FailingCase {
  return {
    check,
    when: 'some is left',
    change: ({ host }) => {
      host.leftovers.push({ path, what });
    },
    found: [`there is ${path} (${what})`],
  };
}
