import type { Answers } from './answers.ts';
import { mountsImages } from './mounts-images.ts';
import type { ObservedHost } from './observed-host.ts';
import type { Questions } from './questions.ts';
import { readAddressProbes } from './read-address-probes.ts';
import { readAdministrator } from './read-administrator.ts';
import { readCgroup } from './read-cgroup.ts';
import { readForeignChains } from './read-chains.ts';
import { readPrograms, readProxyVariables } from './read-environment.ts';
import { readFileSystems } from './read-file-systems.ts';
import { readFips } from './read-fips.ts';
import { readInterfaces } from './read-interfaces.ts';
import { readKernelConfiguration, readKernelFileSystems, readModules, readSettings } from './read-kernel.ts';
import { readLeftovers } from './read-leftovers.ts';
import { readHostAddresses, readResolver } from './read-names.ts';
import { readCpuCount, readEpochMs, readMemoryBytes } from './read-numbers.ts';
import { platformOf, readOsRelease } from './read-os-release.ts';
import { readExclusions, readPackageLocks, readPackages, readVersionLocks } from './read-packages.ts';
import { readProcesses } from './read-processes.ts';
import { readRoutes } from './read-routes.ts';
import { readSelinux } from './read-selinux.ts';
import { readSockets } from './read-sockets.ts';
import { readSwaps } from './read-swaps.ts';
import { readSystemState } from './read-system-state.ts';
import { readTime } from './read-time.ts';
import { fapolicyd, isActive, readUnits, systemdResolved } from './read-units.ts';
import { readWriteLatencies } from './read-write-latencies.ts';

/** What every host should tell; everything else may be missing. */
const EXPECTED = {
  sockets: 'open sockets (ss)',
  interfaces: 'network interfaces (ip)',
  routes: 'routes (ip)',
  mounts: 'mounts (/proc/self/mountinfo)',
  units: 'services (systemctl)',
  'os-release': 'the system (/etc/os-release)',
  'machine-id': 'the machine id (/etc/machine-id)',
} as const;

/** Puts together what a host answered. `askedMs`: when it was asked, by the clock of whoever asked. */
export function toObservedHost(answers: Answers, questions: Questions, askedMs: number): ObservedHost {
  const { text, fields } = answers;
  const line = (name: string) => (text(name) ?? '').trim();
  const release = readOsRelease(line('os-release'));
  const architecture = line('architecture');
  const units = readUnits(text('units'));
  const interfaces = readInterfaces(text('interfaces'));
  const [uid, userName = ''] = line('user').split('\n');
  const kernel = {
    release: line('kernel-release'),
    commandLine: line('command-line'),
    modules: readModules(fields('modules'), text('kernel-configuration')),
    settings: readSettings(questions.settings ?? [], fields('settings')),
    configuration: readKernelConfiguration(questions.kernelOptions ?? [], text('kernel-configuration')),
    fileSystems: readKernelFileSystems(text('kernel-file-systems') ?? ''),
  };
  return {
    hostname: line('host-name').toLowerCase(),
    cpus: readCpuCount(line('cpus')),
    memoryBytes: readMemoryBytes(line('memory')),
    certificateDirectories: fields('directories'),
    systemdResolved: isActive(units, systemdResolved),
    platform: platformOf(release, architecture),
    addresses: interfaces
      .flatMap(({ addresses }) => addresses.map((address) => address.replace(/\/.*/, '')))
      .filter((address) => !address.startsWith('127.')),
    mountsImages: mountsImages(kernel),
    administrator: readAdministrator(fields('administrator')),
    system: {
      ...release,
      architecture,
      machineId: line('machine-id'),
      productUuid: text('product-uuid')?.trim() || null,
      ...readSystemState(text('system-state')),
      user: { uid: Number(uid), name: userName },
      swaps: readSwaps(text('swaps') ?? ''),
    },
    kernel,
    cgroup: readCgroup({
      type: text('cgroup-version'),
      v1: text('cgroup-v1-controllers'),
      v2: text('cgroup-v2-controllers'),
    }),
    clock: { epochMs: readEpochMs(line('clock')) ?? 0, askedMs, ...readTime(text('time')) },
    network: {
      interfaces,
      routes: readRoutes(text('routes')),
      ...readResolver(text('resolver')),
      ownName: readHostAddresses(text('own-name')),
      localhost: readHostAddresses(text('localhost')),
      addressProbes: readAddressProbes(fields('address-probes')),
      foreignChains: readForeignChains(text('chains')),
    },
    sockets: readSockets(text('sockets')),
    fileSystems: readFileSystems(text('mounts'), fields('file-systems')),
    etcdWriteLatencies: readWriteLatencies(text('write-latencies')),
    packages: {
      installed: readPackages(text('packages')),
      lockedBy: readPackageLocks(fields('package-locks')),
      excluded: readExclusions(text('package-exclusions')),
      versionLocks: readVersionLocks(text('version-locks')),
    },
    units,
    security: {
      selinux: readSelinux(text('selinux')),
      fips: readFips(text('fips')),
      fapolicyd: isActive(units, fapolicyd),
    },
    leftovers: readLeftovers(fields('leftovers')),
    files: fields('files'),
    programs: readPrograms(fields('programs')),
    processes: readProcesses(text('processes')),
    proxyVariables: readProxyVariables(text('proxies'), questions.environment ?? []),
    unanswered: Object.entries(EXPECTED).flatMap(([name, what]) => (text(name) === null ? [what] : [])),
  };
}
