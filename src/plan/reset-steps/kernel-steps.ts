import type { ObservedLeftovers } from '../observed-leftovers.ts';
import type { Step } from '../plan.ts';
import { isMountOf, mountTrees } from '../reset-paths.ts';
import type { Ours } from '../what-is-ours.ts';
import { ifAny, type MakeUndoStep } from './undo-step.ts';

/** Takes what the cluster left in the kernel out of it: mounts, rules and interfaces, settings. */
export function kernelSteps(
  leftovers: ObservedLeftovers,
  { possessions, hadContainerd }: Ours,
  step: MakeUndoStep,
): readonly Step[] {
  const settings = possessions.flatMap((each) =>
    each.what === 'kernel-setting' && (leftovers.settings[each.name] ?? each.before) !== each.before
      ? [{ name: each.name, value: each.before }]
      : [],
  );
  const trees = mountTrees({ keepsRuntime: hadContainerd });
  const mounts = leftovers.mounts.filter((point) => isMountOf(point, trees));
  return [
    ...ifAny(mounts, () =>
      step('unmount-volumes', 'Unmount volumes and containers', 'what is removed later is on this host alone', {
        kind: 'unmount-below',
        paths: trees,
      }),
    ),
    ...ifAny(leftovers.network, () =>
      step(
        'clear-network',
        'Take interfaces, rules and routes of the cluster out of the kernel',
        'packets go their own way again',
        {
          kind: 'clear-network',
        },
      ),
    ),
    ...ifAny(settings, (found) =>
      step('restore-settings', 'Put kernel settings back', 'they are as they were before', {
        kind: 'restore-settings',
        settings: found,
      }),
    ),
  ];
}
