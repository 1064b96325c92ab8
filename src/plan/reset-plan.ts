import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { ObservedLeftovers } from './observed-leftovers.ts';
import { makePlan, type Plan } from './plan.ts';
import type { Possession } from './possession.ts';
import { clusterTrees, isMountOf, mountTrees, ownTrees, sharedTrees } from './reset-paths.ts';
import { endSteps } from './reset-steps/end-steps.ts';
import { fileSteps } from './reset-steps/file-steps.ts';
import { kernelSteps } from './reset-steps/kernel-steps.ts';
import { packageSteps } from './reset-steps/package-steps.ts';
import { undoStepsOn } from './reset-steps/undo-step.ts';
import { type Ours, thoseWithOurName, whatIsOurs } from './what-is-ours.ts';

export interface ResetInputs {
  readonly leftovers: ObservedLeftovers;
  readonly possessions: readonly Possession[];
  /** Whether a run of ours was ever begun there. What a host without one has of a cluster is somebody else's. */
  readonly begun: boolean;
  /** Of the program that plans. */
  readonly version: string;
}

/**
 * What `reset` does on a host, newest first: the cluster's processes, what they left in the kernel, packages, and files; last what says what
 * had to be undone. Pure. Steps that would find nothing are left out, so that a host without anything has a plan without steps. Throws a
 * `PREFLIGHT_FAILED` for a host that would be mounted into what goes at its next start.
 */
export function resetPlan(inputs: ResetInputs): Plan {
  const { possessions, version } = inputs;
  const leftovers = inputs.begun ? inputs.leftovers : thoseWithOurName(inputs.leftovers);
  const facts = whatIsOurs(leftovers, possessions);
  refuseOwnersMounts(leftovers, facts);
  const step = undoStepsOn(leftovers.hostname);
  const steps = [
    ...endSteps(leftovers, facts, step),
    ...kernelSteps(leftovers, facts, step),
    ...packageSteps(leftovers, facts, step),
    ...fileSteps(leftovers, facts, step),
  ];
  return makePlan({ command: 'reset', version, kubernetes: null }, steps, {});
}

/**
 * What has to come before the rest can be planned: the end of what is still at work and makes more to undo; undefined when nothing is.
 */
export function quietingPlan({ version, kubernetes, steps }: Plan): Plan | undefined {
  const first = steps.filter(({ kind }) => kind === 'end-processes');
  return first.length === 0 ? undefined : makePlan({ command: 'reset', version, kubernetes }, first, {});
}

/** A volume of the host's owner below a folder that goes would have to be emptied, or its mount to be forgotten, which nobody has asked for. */
function refuseOwnersMounts({ ownersMounts }: ObservedLeftovers, { noted, hadContainerd }: Ours): void {
  const trees = [
    ...clusterTrees,
    ...ownTrees,
    ...sharedTrees.filter((path) => noted.has(path)),
    ...mountTrees({ keepsRuntime: hadContainerd }),
  ];
  const inTheWay = ownersMounts.filter((point) => isMountOf(point, trees));
  if (inTheWay.length === 0) return;
  throw new MetalK8sError(
    'PREFLIGHT_FAILED',
    `/etc/fstab has this mounted in what would be removed: ${inTheWay.join(', ')}`,
    {
      where: '/etc/fstab',
      hint: 'Keep what you need of it, unmount it, take it out of /etc/fstab, then run again.',
    },
  );
}
