import { listed } from '../../events/words.ts';
import { minorOf } from '../../kubernetes/cluster-settings.ts';
import type { Check } from '../check.ts';

/** Since then the kubelet does not start on a host with cgroup v1 unless it is told to. */
const REFUSED_SINCE = 35;

const TO_VERSION_2 =
  'start the host with version 2: `grubby --update-kernel=ALL --args=systemd.unified_cgroup_hierarchy=1`, then a reboot.';

const ALLOWED = `Before a release of Kubernetes that takes it no more, ${TO_VERSION_2}`;

const cgroupVersion: Check = {
  name: 'cgroup-version',
  title: 'version of control groups (cgroup)',
  why: `Kubernetes gives up version 1: since 1.${REFUSED_SINCE} the kubelet refuses to start with it, and a later release will take it no more`,
  mend:
    `Recommended: ${TO_VERSION_2} ` +
    'Or keep version 1 for as long as Kubernetes allows: set kubernetes.kubelet.allowCgroupV1 to true in the configuration.',
  severity: 'error',
  inspect({ host: { cgroup }, configuration, archive }) {
    if (cgroup.version === 2) return [];
    const found = 'the host uses cgroup version 1';
    if (configuration.kubernetes.kubelet.allowCgroupV1)
      return [{ found: `${found}, as kubernetes.kubelet.allowCgroupV1 allows`, severity: 'warning', mend: ALLOWED }];
    const refused = archive === undefined || minorOf(archive.kubernetes) >= REFUSED_SINCE;
    return [{ found, severity: refused ? 'error' : 'warning' }];
  },
};

/** What the kubelet looks for. With version 2, devices and freezing need no controller. */
const CONTROLLERS = {
  1: ['cpu', 'cpuacct', 'cpuset', 'devices', 'freezer', 'memory', 'pids'],
  2: ['cpu', 'cpuset', 'memory', 'pids'],
} as const;

const cgroupControllers: Check = {
  name: 'cgroup-controllers',
  title: 'what control groups can limit',
  why: 'the kubelet does not start when it cannot limit what pods use',
  mend: 'See the arguments of the kernel (cgroup_disable=, cgroup_no_v1=) in /proc/cmdline, and take them out.',
  severity: 'error',
  inspect({ host: { cgroup } }) {
    const missing = CONTROLLERS[cgroup.version].filter((name) => !cgroup.controllers.includes(name));
    return missing.length === 0 ? [] : [{ found: `there is no controller ${listed(missing)}` }];
  },
};

export const cgroupChecks = [cgroupVersion, cgroupControllers] as const;
