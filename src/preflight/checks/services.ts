import { listed } from '../../events/words.ts';
import type { Check } from '../check.ts';
import { unitsInUse, unitText } from '../look-up.ts';

const SERVICES = [
  'containerd.service',
  'crio.service',
  'docker.service',
  'docker.socket',
  'k0scontroller.service',
  'k0sworker.service',
  'k3s-agent.service',
  'k3s.service',
  'kubelet.service',
  'rke2-agent.service',
  'rke2-server.service',
] as const;

const conflictingServices: Check = {
  name: 'conflicting-services',
  title: 'services of a container runtime or of Kubernetes that are not ours',
  why: 'they hold what ours need, and what they run would be ended when ours are started in their place',
  mend: 'Run `systemctl disable --now` on it, when nothing on the host needs it.',
  severity: 'error',
  onlyFresh: true,
  inspect: (subject) => unitsInUse(subject, SERVICES).map((unit) => ({ found: unitText(unit) })),
};

/** Programs by the unit that usually runs them, which is then a finding already. */
const UNIT_OF: Readonly<Record<string, readonly string[]>> = {
  containerd: ['containerd.service', 'docker.service'],
  crio: ['crio.service'],
  dockerd: ['docker.service'],
  k0s: ['k0scontroller.service', 'k0sworker.service'],
  k3s: ['k3s.service', 'k3s-agent.service'],
  kubelet: ['kubelet.service'],
  rke2: ['rke2-server.service', 'rke2-agent.service'],
  'salt-master': ['salt-master.service'],
  'salt-minion': ['salt-minion.service'],
};

const conflictingProcesses: Check = {
  name: 'conflicting-processes',
  title: 'processes of a container runtime or of Kubernetes that no unit has',
  why: 'somebody runs a cluster, or parts of one, by hand',
  mend: 'End it, and find out what started it.',
  severity: 'error',
  onlyFresh: true,
  inspect({ host: { processes, units } }) {
    const stray = processes.filter(({ name }) => {
      const unit = UNIT_OF[name] ?? [];
      return !units.some((each) => each.active && unit.includes(each.name));
    });
    if (stray.length === 0) return [];
    return [
      {
        found: `there ${stray.length === 1 ? 'is' : 'are'} ${listed(stray.map(({ name, pid }) => `${name} (process ${pid})`))}`,
      },
    ];
  },
};

const AUTOMATIC = ['dnf-automatic-install.timer', 'dnf-automatic.timer', 'yum-cron.service'];

const automaticUpdates: Check = {
  name: 'automatic-updates',
  title: 'updates that are installed without anybody',
  why: 'they hold the package manager while a node is installed or upgraded, and may start services, or the host, anew at any hour',
  mend: 'Run `systemctl disable --now` on it, and update hosts one after another, drained.',
  severity: 'warning',
  inspect: (subject) => unitsInUse(subject, AUTOMATIC).map((unit) => ({ found: unitText(unit) })),
};

export const serviceChecks = [conflictingServices, conflictingProcesses, automaticUpdates] as const;
