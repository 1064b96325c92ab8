import { ADMIN_KUBECONFIG } from '../../kubernetes/pki/kubeconfig-specifications.ts';
import type { ObservedLeftovers } from '../observed-leftovers.ts';
import type { Step } from '../plan.ts';
import { CONTAINERD_UNIT, isKubeconfigCopy } from '../reset-paths.ts';
import type { Ours } from '../what-is-ours.ts';
import { ifAny, type MakeUndoStep } from './undo-step.ts';

/** Seconds: dnf may be amid a large transaction, and the kernel amid writes of a process that is killed. */
const deadlines = { processes: 900, containers: 120 } as const;

/** Ends what is at work, so that nothing runs afterwards that would make anew what is taken away. */
export function endSteps(
  leftovers: ObservedLeftovers,
  { hadContainerd, noted, possessions }: Ours,
  step: MakeUndoStep,
): readonly Step[] {
  const { processes, units, containers, podProcesses, cgroups } = leftovers;
  const copies = leftovers.paths.filter((path) => noted.has(path) && isKubeconfigCopy(path));
  // Ours come after the first packages; with a runtime that goes, they go as well.
  const keepsImages = hadContainerd && possessions.some(({ what }) => what === 'packages-before');
  const hasContainers =
    (containers?.known ?? 0) > 0 || (keepsImages && (containers?.images ?? 0) > 0) || podProcesses > 0 || cgroups;
  return [
    ...ifAny(processes, () =>
      step('end-processes', 'End what an earlier run left at work', 'it would go on changing the host', {
        kind: 'end-processes',
        deadlineSeconds: deadlines.processes,
      }),
    ),
    ...copies.map((path) =>
      step(`remove-${path}`, `Remove ${path} if it is our copy`, 'the cluster that it is for ends here', {
        kind: 'remove-copy',
        path,
        source: ADMIN_KUBECONFIG,
      }),
    ),
    ...ifAny(
      units.filter((unit) => unit === 'kubelet.service'),
      (found) =>
        step('stop-kubelet', 'Stop the kubelet', 'it would start pods anew', { kind: 'stop-units', units: found }),
    ),
    ...(hasContainers
      ? [
          step('end-containers', 'End all pods and their containers', 'the cluster ends here', {
            kind: 'end-containers',
            namespace: 'k8s.io',
            keepsRuntime: hadContainerd,
            deadlineSeconds: deadlines.containers,
          }),
        ]
      : []),
    ...ifAny(
      units.filter((unit) => unit === CONTAINERD_UNIT && !hadContainerd),
      (found) => step('stop-containerd', 'Stop containerd', 'its package goes', { kind: 'stop-units', units: found }),
    ),
  ];
}
