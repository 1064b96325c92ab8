import type { GatheredFacts } from './gathered-facts.ts';

/** Everything that was read from one host, as it was then. Plain data. What could not be read is null, and checks say so. */
export interface ObservedHost extends Omit<GatheredFacts, 'platform'> {
  /** `el9/x86_64`; null when the system is none that releases have packages for. */
  readonly platform: string | null;
  readonly system: SystemFacts;
  readonly kernel: KernelFacts;
  readonly cgroup: { readonly version: 1 | 2; readonly controllers: readonly string[] };
  readonly clock: ClockFacts;
  readonly network: NetworkFacts;
  /** Open listening sockets. */
  readonly sockets: readonly Socket[];
  /** For each path that was asked about, the file system that it is or will be on. */
  readonly fileSystems: readonly FileSystem[];
  /** Milliseconds of each of some synchronised 8 KiB writes where etcd's data will be, ascending; null: not measured. */
  readonly etcdWriteLatencies: readonly number[] | null;
  readonly packages: PackageFacts;
  readonly units: readonly UnitState[];
  readonly security: SecurityFacts;
  /** Paths, of those that a cluster leaves behind, that exist. */
  readonly leftovers: readonly Leftover[];
  /** Those of the files that were asked about which are there, and are files. */
  readonly files: readonly string[];
  /** Programs that were asked about and are there: name and absolute path. */
  readonly programs: Readonly<Record<string, string>>;
  /** Processes of a container runtime or of Kubernetes: `kubelet`, `dockerd`. */
  readonly processes: readonly { readonly name: string; readonly pid: number }[];
  /** Names of variables such as `https_proxy` that the environment or the system's profile has. Never their values. */
  readonly proxyVariables: readonly string[];
  /** What every host should tell and this one did not, in words: `open sockets (ss)`. Its field is then empty or null. */
  readonly unanswered: readonly string[];
}

export interface SystemFacts {
  /** Of /etc/os-release. */
  readonly id: string;
  readonly idLike: readonly string[];
  readonly versionId: string;
  readonly prettyName: string;
  /** As `uname -m` has it. */
  readonly architecture: string;
  readonly machineId: string;
  readonly productUuid: string | null;
  /** Version number of systemd; null: another init. */
  readonly systemd: number | null;
  /** `running`, `degraded`…; null: systemd does not answer. */
  readonly systemState: string | null;
  readonly user: { readonly uid: number; readonly name: string };
  readonly swaps: readonly { readonly path: string; readonly bytes: number }[];
}

export interface KernelFacts {
  /** `5.14.0-503.11.1.el9_5.x86_64` */
  readonly release: string;
  readonly commandLine: string;
  /** Modules that were asked about, and whether the kernel has them. */
  readonly modules: Readonly<Record<string, 'loaded' | 'built-in' | 'loadable' | 'missing'>>;
  /** Kernel settings that were asked about; null: the kernel has no such one. */
  readonly settings: Readonly<Record<string, string | null>>;
  /** Options of its build that were asked about, without `CONFIG_`; null: the host does not tell how its kernel was built. */
  readonly configuration: Readonly<Record<string, 'y' | 'm' | 'n'>> | null;
  /** File systems of /proc/filesystems. */
  readonly fileSystems: readonly string[];
}

export interface ClockFacts {
  /** Of the host, milliseconds since 1970. */
  readonly epochMs: number;
  /** Of whoever asked, at the same moment, as near as can be told. */
  readonly askedMs: number;
  /** Null: nobody on the host knows. */
  readonly synchronised: boolean | null;
  readonly timeZone: string | null;
}

export interface NetworkFacts {
  readonly interfaces: readonly NetworkInterface[];
  readonly routes: readonly Route[];
  /** Of the file that the kubelet hands to pods: /etc/resolv.conf, or that of systemd-resolved where it is active; null: there is none. */
  readonly nameServers: readonly string[] | null;
  readonly searchDomains: readonly string[];
  /** What the host's own name resolves to on the host: its IPv4 addresses. */
  readonly ownName: readonly string[];
  /** What `localhost` resolves to on the host: its IPv4 addresses. */
  readonly localhost: readonly string[];
  /** What other machines answered about addresses of the host; only about those in the networks that were asked about. */
  readonly addressProbes: readonly AddressProbe[];
  /** Names of chains of iptables that Kubernetes or a network plugin has made; null: no iptables. */
  readonly foreignChains: readonly string[] | null;
}

export interface NetworkInterface {
  readonly name: string;
  readonly up: boolean;
  readonly mtu: number;
  readonly mac: string | null;
  /** With prefix length: `10.200.1.11/24`. */
  readonly addresses: readonly string[];
}

export interface AddressProbe {
  readonly address: string;
  readonly device: string;
  /** Hardware addresses of who else says that it has the address; null: nobody could be asked. */
  readonly heldBy: readonly string[] | null;
}

export interface Route {
  /** CIDR; `0.0.0.0/0` for the default. */
  readonly destination: string;
  readonly gateway: string | null;
  readonly device: string | null;
  /** `unicast`, `unreachable`, `blackhole`… */
  readonly type: string;
}

export interface Socket {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  /** Who holds it; null: not told. */
  readonly process: { readonly name: string; readonly pid: number } | null;
}

export interface FileSystem {
  /** The path that was asked about. */
  readonly path: string;
  readonly mountPoint: string;
  readonly source: string;
  readonly type: string;
  readonly options: readonly string[];
  readonly sizeBytes: number;
  readonly availableBytes: number;
  readonly availableInodes: number | null;
  /** Of XFS: whether folders know what their entries are; null: no XFS, or not told. */
  readonly ftype: boolean | null;
}

export interface PackageFacts {
  /** What is installed: name, and version with release; null: no RPM database can be read. */
  readonly installed: readonly { readonly name: string; readonly version: string }[] | null;
  /** Somebody else is at it now: name and pid of who holds the lock. */
  readonly lockedBy: string | null;
  /** Patterns of packages that dnf's configuration keeps out of every repository. */
  readonly excluded: readonly string[];
  /** Lines of dnf's plugin versionlock: packages and patterns, with `!` in front where a version is excluded. */
  readonly versionLocks: readonly string[];
}

export interface UnitState {
  /** `firewalld.service` */
  readonly name: string;
  readonly active: boolean;
  readonly enabled: boolean;
}

export interface SecurityFacts {
  /** Null: no SELinux. */
  readonly selinux: 'enforcing' | 'permissive' | 'disabled' | null;
  readonly fips: boolean;
  readonly fapolicyd: boolean;
}

export interface Leftover {
  readonly path: string;
  /** For people: `file`, `folder with 3 entries`, `network interface`. */
  readonly what: string;
}
