import { listed, sized, sizedUp } from '../../events/words.ts';
import type { FileSystem } from '../../facts/observed-host.ts';
import type { Check, PreflightSubject } from '../check.ts';
import { fileSystemOf, hasRole } from '../look-up.ts';

/** What is left beside that which will be written. */
const MARGIN = 0.15;

interface Demand {
  readonly fileSystem: FileSystem;
  readonly paths: readonly string[];
  readonly bytes: number;
}

/** What will be written to each file system, be it below one path or several. */
function demands(subject: PreflightSubject): readonly Demand[] {
  const known = subject.room.flatMap((each) => {
    const fileSystem = fileSystemOf(subject, each.path);
    return fileSystem === undefined ? [] : [{ ...each, fileSystem }];
  });
  return [...Map.groupBy(known, ({ fileSystem }) => fileSystem.mountPoint).values()].flatMap((each) => {
    const [first] = each;
    if (first === undefined) return [];
    const bytes = each.reduce((sum, one) => sum + one.bytes, 0);
    return [{ fileSystem: first.fileSystem, paths: each.map(({ path }) => path), bytes }];
  });
}

const diskSpace: Check = {
  name: 'disk-space',
  title: `room for what will be written, and ${MARGIN * 100} % more`,
  why: 'the installation ends half-way, and a full disk makes the kubelet evict pods, those of the control plane as well',
  mend: 'Make room, enlarge the file system, or mount another where most is written.',
  severity: 'error',
  inspect(subject) {
    return demands(subject).flatMap(({ fileSystem, paths, bytes }) => {
      const needed = Math.ceil(bytes * (1 + MARGIN));
      if (fileSystem.availableBytes >= needed) return [];
      const room = `${sized(fileSystem.availableBytes)} of ${sized(fileSystem.sizeBytes)} left`;
      return [
        { found: `${fileSystem.mountPoint} has ${room}, and ${sizedUp(needed)} are needed for ${listed(paths)}` },
      ];
    });
  },
};

/** The kubelet's own limits: below them it evicts pods, and the node is tainted. */
const PRESSURE = [
  { path: '/var/lib/containerd', left: 0.15 },
  { path: '/var/lib/kubelet', left: 0.1 },
] as const;

const diskPressure: Check = {
  name: 'disk-pressure',
  title: 'how full the disks of containers will be',
  why: 'the kubelet removes images and evicts pods when so little is left, and the node takes no more',
  mend: 'Make room, or enlarge the file system.',
  severity: 'error',
  inspect(subject) {
    const all = demands(subject);
    const found = PRESSURE.flatMap(({ path, left }) => {
      const fileSystem = fileSystemOf(subject, path);
      if (fileSystem === undefined) return [];
      const demand = all.find((each) => each.fileSystem.mountPoint === fileSystem.mountPoint)?.bytes ?? 0;
      const after = fileSystem.availableBytes - demand;
      // One that does not even have the room is a finding of its own.
      if (after < demand * MARGIN || after >= fileSystem.sizeBytes * left) return [];
      const share = Math.floor((after / fileSystem.sizeBytes) * 100);
      return [`${fileSystem.mountPoint} will have ${share} % left, and ${left * 100} % is the least for ${path}`];
    });
    return found.length === 0 ? [] : [{ found: found.join('; ') }];
  },
};

/** Images of a cluster have some ten thousand files, and each is there once more for what changes. */
const LEAST_INODES = 100_000;

const inodes: Check = {
  name: 'inodes',
  title: 'how many files the disks of containers can still take',
  why: 'images cannot be unpacked, with "no space left on device" although there is room',
  mend: 'Remove files, or make the file system anew with more inodes (`mkfs.ext4 -i`), or with XFS, which has no such limit.',
  severity: 'error',
  inspect(subject) {
    const fileSystem = fileSystemOf(subject, '/var/lib/containerd');
    const available = fileSystem?.availableInodes ?? null;
    if (fileSystem === undefined || available === null || available >= LEAST_INODES) return [];
    return [{ found: `${fileSystem.mountPoint} can take ${available} more files, and ${LEAST_INODES} are the least` }];
  },
};

/** Milliseconds. etcd's makers ask for the first; beats of its leader are as far apart as the second. */
const GOOD_LATENCY = 10;
const HEARTBEAT = 100;

const etcdLatency: Check = {
  name: 'etcd-latency',
  title: 'how long a write to the disk of etcd takes',
  why: 'etcd waits for its disk with every change: when it is slow, leaders are lost and the API answers late or not at all',
  mend: 'Put /var/lib/etcd on a disk of its own, an SSD with power loss protection at best, and nothing else that writes on it.',
  severity: 'warning',
  inspect(subject) {
    const { etcdWriteLatencies: latencies } = subject.host;
    if (!hasRole(subject, 'etcd')) return [];
    if (latencies === null || latencies.length === 0) return [{ found: 'it could not be measured' }];
    const slowest = latencies[Math.ceil(latencies.length * 0.99) - 1] ?? 0;
    const median = latencies[Math.floor(latencies.length / 2)] ?? 0;
    if (slowest <= GOOD_LATENCY) return [];
    const found = `99 of 100 writes take up to ${slowest.toFixed(1)} ms, half of them up to ${median.toFixed(1)} ms`;
    // Where a run of ours was begun, its own etcd writes there as well: nothing that stops the run from coming to its end.
    const severity = median >= HEARTBEAT && !subject.ours ? 'error' : 'warning';
    return [{ found: `${found}; ${GOOD_LATENCY} ms are good`, severity }];
  },
};

export const diskChecks = [diskSpace, diskPressure, inodes, etcdLatency] as const;
