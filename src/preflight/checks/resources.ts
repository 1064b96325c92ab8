import { sized } from '../../events/words.ts';
import type { Check } from '../check.ts';
import { hasRole } from '../look-up.ts';

const MIB = 2 ** 20;

/** kubeadm's own limits for control planes; the kubelet reserves some of each for the system. */
const cpus: Check = {
  name: 'cpus',
  title: 'number of processors, by role',
  why: 'the control plane and what every node runs ask for more than that: pods would wait for ever',
  mend: 'Give the host more processors: two for a control plane or etcd, two are better for any.',
  severity: 'error',
  inspect(subject) {
    const { cpus: count } = subject.host;
    if (count >= 2) return [];
    const severity = hasRole(subject, 'control-plane', 'etcd') ? 'error' : 'warning';
    return [{ severity, found: `the host has ${count} processor, of which pods get a part` }];
  },
};

const LEAST_CONTROL_PLANE = 1700 * MIB;
const LEAST_WORKER = 900 * MIB;
const GOOD_CONTROL_PLANE = 3500 * MIB;

const memory: Check = {
  name: 'memory',
  title: 'memory, by role',
  why: 'without swap the kernel ends processes when memory is short, etcd and the API server among them',
  mend: 'Give the host more memory: 4 GiB for a control plane, 2 GiB for any other node, and what its pods need.',
  severity: 'error',
  inspect(subject) {
    const { memoryBytes } = subject.host;
    const controlPlane = hasRole(subject, 'control-plane', 'etcd');
    const found = `the host has ${sized(memoryBytes)} of memory`;
    if (memoryBytes < (controlPlane ? LEAST_CONTROL_PLANE : LEAST_WORKER)) return [{ found }];
    return controlPlane && memoryBytes < GOOD_CONTROL_PLANE ? [{ found, severity: 'warning' }] : [];
  },
};

const swap: Check = {
  name: 'swap',
  title: 'swap that is in use',
  why: 'it will be switched off, now and for good: what lies in it has to fit into memory',
  mend: 'Switch it off yourself (`swapoff --all`, and out of /etc/fstab), or let it be done if memory suffices.',
  severity: 'warning',
  inspect: ({ host: { system } }) =>
    system.swaps.map(({ path, bytes }) => ({ found: `${path} is swap of ${sized(bytes)}` })),
};

/** The kernel's own default on small machines; a pod may have 4096 processes. */
const LEAST_PIDS = 32_768;

const pidLimit: Check = {
  name: 'pid-limit',
  title: 'how many processes the kernel allows (kernel.pid_max)',
  why: 'a few busy pods would use up all process numbers, and nothing could be started on the host any more',
  mend: `Set kernel.pid_max to ${LEAST_PIDS} or more in /etc/sysctl.d, then \`sysctl --system\`.`,
  severity: 'error',
  inspect({ host: { kernel } }) {
    const limit = kernel.settings['kernel.pid_max'];
    return typeof limit === 'string' && Number(limit) < LEAST_PIDS ? [{ found: `kernel.pid_max is ${limit}` }] : [];
  },
};

/** The kernel's defaults: the kubelet, containerd and most controllers watch files. */
const LEAST_WATCHING = { 'fs.inotify.max_user_instances': 128, 'fs.inotify.max_user_watches': 8192 } as const;

const fileWatching: Check = {
  name: 'file-watching',
  title: 'how many files programs may watch (fs.inotify)',
  why: 'pods end with "too many open files", and the kubelet does not notice changed files',
  mend: 'Raise it in /etc/sysctl.d, then `sysctl --system`.',
  severity: 'warning',
  inspect({ host: { kernel } }) {
    return Object.entries(LEAST_WATCHING).flatMap(([name, least]) => {
      const value = kernel.settings[name];
      if (typeof value !== 'string' || Number(value) >= least) return [];
      return [{ found: `${name} is ${value}, and the kernel’s own default is ${least} or more` }];
    });
  },
};

export const resourceChecks = [cpus, memory, swap, pidLimit, fileWatching] as const;
