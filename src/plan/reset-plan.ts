import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { ADMIN_KUBECONFIG } from '../kubernetes/pki/kubeconfig-specifications.ts';
import type { ObservedLeftovers } from './observed-leftovers.ts';
import { makePlan, type Plan, type Step } from './plan.ts';
import type { Possession } from './possession.ts';
import {
  clusterPatterns,
  clusterTrees,
  isMountOf,
  LOCK_DIRECTORY,
  mountTrees,
  ownPatterns,
  ownTrees,
  sharedTrees,
} from './reset-paths.ts';
import type { UndoAction } from './undo-kinds.ts';
import { fitsAny, isWithin, type Ours, thoseWithOurName, whatIsOurs } from './what-is-ours.ts';

export interface ResetInputs {
  readonly leftovers: ObservedLeftovers;
  readonly possessions: readonly Possession[];
  /** Whether a run of ours was ever begun there. What a host without one has of a cluster is somebody else's. */
  readonly begun: boolean;
  /** Of the program that plans. */
  readonly version: string;
}

const CONTAINERD = 'containerd.service';
/** Salt masks it, so that nothing swaps. */
const SWAP = 'swap.target';
const SWAP_MASK = `/etc/systemd/system/${SWAP}`;
const KUBE_CONFIG = /\/\.kube\/config$/;

/** Seconds: dnf may be amid a large transaction, and the kernel amid writes of a process that is killed. */
const deadlines = { processes: 900, containers: 120 } as const;

/**
 * What `reset` does on a host, newest first: the cluster's processes, what they left in the kernel, packages, and files; last what says what
 * had to be undone. Pure. Steps that would find nothing are left out, so that a host without anything has a plan without steps. Throws a
 * `PREFLIGHT_FAILED` for a host that would be mounted into what goes at its next start.
 */
export function resetPlan(inputs: ResetInputs): Plan {
  const { possessions, version } = inputs;
  const leftovers = inputs.begun ? inputs.leftovers : thoseWithOurName(inputs.leftovers);
  refuseOwnersMounts(leftovers);
  const facts = whatIsOurs(leftovers, possessions);
  const step = stepOn(leftovers.hostname);
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

type MakeStep = ReturnType<typeof stepOn>;

/** Nothing runs afterwards that would make anew what is taken away. */
function endSteps(leftovers: ObservedLeftovers, { hadContainerd, noted }: Ours, step: MakeStep): readonly Step[] {
  const { processes, units, containers, podProcesses, cgroups } = leftovers;
  const mounts = units.filter((unit) => unit.endsWith('.mount'));
  const copies = leftovers.paths.filter((path) => noted.has(path) && KUBE_CONFIG.test(path));
  const hasContainers = (containers ?? 0) > 0 || podProcesses > 0 || cgroups;
  return [
    ...some(processes, () =>
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
    ...some(
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
    ...some(
      units.filter((unit) => unit === CONTAINERD && !hadContainerd),
      (found) => step('stop-containerd', 'Stop containerd', 'its package goes', { kind: 'stop-units', units: found }),
    ),
    ...some(mounts, (found) =>
      step('unmount-archives', 'Unmount the archives', 'nothing reads them any more', {
        kind: 'stop-units',
        units: found,
      }),
    ),
  ];
}

function kernelSteps(
  leftovers: ObservedLeftovers,
  { possessions, hadContainerd }: Ours,
  step: MakeStep,
): readonly Step[] {
  const settings = possessions.flatMap((each) =>
    each.what === 'kernel-setting' && (leftovers.settings[each.name] ?? each.before) !== each.before
      ? [{ name: each.name, value: each.before }]
      : [],
  );
  const trees = mountTrees({ keepsRuntime: hadContainerd });
  const mounts = leftovers.mounts.filter((point) => isMountOf(point, trees));
  return [
    ...some(mounts, () =>
      step('unmount-volumes', 'Unmount volumes and containers', 'what is removed later is on this host alone', {
        kind: 'unmount-below',
        paths: trees,
      }),
    ),
    ...some(leftovers.network, () =>
      step(
        'clear-network',
        'Take interfaces, rules and routes of the cluster out of the kernel',
        'packets go their own way again',
        {
          kind: 'clear-network',
        },
      ),
    ),
    ...some(settings, (found) =>
      step('restore-settings', 'Put kernel settings back', 'they are as they were before', {
        kind: 'restore-settings',
        settings: found,
      }),
    ),
  ];
}

function packageSteps(leftovers: ObservedLeftovers, { packages, hadKeys }: Ours, step: MakeStep): readonly Step[] {
  const ours = new Set(leftovers.archiveKeys.map((fingerprint) => fingerprint.slice(-8).toLowerCase()));
  const keys = leftovers.rpmKeys.filter(
    (key) => !hadKeys.has(key) && ours.has((key.split('-').at(-2) ?? '').slice(-8)),
  );
  return [
    ...some(leftovers.heldPackages, (found) =>
      step('release-holds', 'Release packages that were held at one version', 'nothing needs that version any more', {
        kind: 'release-holds',
        packages: found,
      }),
    ),
    ...some(packages, (found) =>
      step('remove-packages', 'Remove the packages that were not there before', 'they came from our archives', {
        kind: 'remove-packages',
        packages: found,
      }),
    ),
    ...some(keys, (found) =>
      step(
        'remove-rpm-keys',
        'Remove the public keys of our archives from the RPM database',
        'they came with the packages',
        {
          kind: 'remove-rpm-keys',
          keys: found,
        },
      ),
    ),
    ...some(leftovers.users, (users) =>
      step('remove-users', 'Remove users and groups that were made', 'their data goes as well', {
        kind: 'remove-users',
        users,
      }),
    ),
  ];
}

function fileSteps(leftovers: ObservedLeftovers, facts: Ours, step: MakeStep): readonly Step[] {
  const there = new Set(leftovers.paths);
  const shared = sharedTrees.filter((path) => there.has(path) && facts.noted.has(path));
  const trees = [
    ...clusterTrees.filter((path) => there.has(path)),
    ...shared,
    ...leftovers.paths.filter((path) => fitsAny(path, [...ownPatterns, ...clusterPatterns])),
  ];
  const whole = [...trees, ...ownTrees];
  const noted = [...facts.noted].filter((path) => there.has(path) && !KUBE_CONFIG.test(path) && !isWithin(path, whole));
  // Files go; folders go when nothing else is in them. Which is which is seen when it is their turn.
  const ours = noted.toSorted((left, right) => right.length - left.length);
  // Whoever looks holds the lock, so that alone says nothing.
  const own = ownTrees.filter((path) => there.has(path));
  const hasOwn = own.some((path) => path !== LOCK_DIRECTORY);
  const swaps = noted.includes(SWAP_MASK);
  const units = leftovers.units.length > 0 || swaps;
  return [
    ...(trees.length + ours.length > 0
      ? [
          step('remove-files', 'Remove what the cluster and its programs left', 'none of it was there before', {
            kind: 'remove-paths',
            trees: withoutThoseBelow(trees),
            ours,
          }),
        ]
      : []),
    ...(units
      ? [
          step('reload-units', 'Have systemd read its units anew', 'those of the cluster are gone', {
            kind: 'reload-units',
            starts: swaps ? [SWAP] : [],
            restarts: facts.hadContainerd && leftovers.units.includes(CONTAINERD) ? [CONTAINERD] : [],
          }),
        ]
      : []),
    ...some(hasOwn || trees.length + ours.length > 0 ? own : [], (found) =>
      step('remove-own', 'Remove archives, logs, and what metalk8s knows of this host', 'nothing is left to undo', {
        kind: 'remove-paths',
        trees: found,
        ours: [],
      }),
    ),
  ];
}

/** A volume of the host's owner below the kubelet's folder would have to be emptied, which nobody has asked for. */
function refuseOwnersMounts({ ownersMounts }: ObservedLeftovers): void {
  if (ownersMounts.length === 0) return;
  throw new MetalK8sError(
    'PREFLIGHT_FAILED',
    `/etc/fstab has this mounted in what would be removed: ${ownersMounts.join(', ')}`,
    {
      where: '/etc/fstab',
      hint: 'Keep what you need of it, unmount it, take it out of /etc/fstab, then run again.',
    },
  );
}

function stepOn(host: string) {
  return (id: string, title: string, reason: string, action: UndoAction): Step => ({
    id,
    host,
    title,
    reason,
    disrupts: null,
    ...action,
  });
}

function some<Item, Made>(found: readonly Item[], make: (found: readonly Item[]) => Made): readonly Made[] {
  return found.length === 0 ? [] : [make(found)];
}

function withoutThoseBelow(trees: readonly string[]): readonly string[] {
  const distinct = [...new Set(trees)];
  return distinct.filter(
    (path) =>
      !isWithin(
        path,
        distinct.filter((other) => other !== path),
      ),
  );
}
