import type { ObservedLeftovers } from '../observed-leftovers.ts';
import type { Step } from '../plan.ts';
import {
  CONTAINERD_UNIT,
  clusterPatterns,
  clusterTrees,
  isKubeconfigCopy,
  LOCK_DIRECTORY,
  ownPatterns,
  ownTrees,
  sharedTrees,
} from '../reset-paths.ts';
import { fitsAny, isWithin, type Ours } from '../what-is-ours.ts';
import { ifAny, type MakeUndoStep } from './undo-step.ts';

/** Salt masks it, so that nothing swaps. */
const SWAP = 'swap.target';
const SWAP_MASK = `/etc/systemd/system/${SWAP}`;

/** Removes what was laid down: what others made for the cluster, then units that are gone, last what says what there was to undo. */
export function fileSteps(leftovers: ObservedLeftovers, facts: Ours, step: MakeUndoStep): readonly Step[] {
  const trees = treesOf(leftovers, facts);
  const ours = pathsOf(leftovers, facts, trees);
  const leftFiles = trees.length + ours.length > 0;
  const own = ownTrees.filter((path) => leftovers.paths.includes(path));
  // Whoever looks holds the lock, so that alone says nothing.
  const hasOwn = own.some((path) => path !== LOCK_DIRECTORY);
  // A reset that was killed may have removed the mask, and not come to this.
  const swaps = (leftFiles || hasOwn) && facts.noted.has(SWAP_MASK);
  return [
    ...(leftFiles
      ? [
          step('remove-files', 'Remove what the cluster and its programs left', 'none of it was there before', {
            kind: 'remove-paths',
            trees: withoutThoseBelow(trees),
            ours,
          }),
        ]
      : []),
    ...ifAny(replacedFiles(facts), (files) =>
      step('restore-files', 'Put back files that ours had replaced', 'they are of the owner of the host', {
        kind: 'restore-files',
        files,
      }),
    ),
    ...(leftovers.units.length > 0 || swaps
      ? [
          step('reload-units', 'Have systemd read its units anew', 'those of the cluster are gone', {
            kind: 'reload-units',
            starts: swaps ? [SWAP] : [],
            restarts: facts.hadContainerd && leftovers.units.includes(CONTAINERD_UNIT) ? [CONTAINERD_UNIT] : [],
          }),
        ]
      : []),
    ...ifAny(hasOwn || leftFiles ? own : [], (found) =>
      step('remove-own', 'Remove archives, logs, and what metalk8s knows of this host', 'nothing is left to undo', {
        kind: 'remove-paths',
        trees: found,
        ours: [],
      }),
    ),
  ];
}

function replacedFiles({ possessions }: Ours) {
  return possessions.flatMap((each) => {
    if (each.what !== 'file-before') return [];
    const { what: _, ...file } = each;
    return [file];
  });
}

/** What goes whole. */
function treesOf({ paths }: ObservedLeftovers, { noted }: Ours): readonly string[] {
  const there = new Set(paths);
  return [
    ...clusterTrees.filter((path) => there.has(path)),
    ...sharedTrees.filter((path) => there.has(path) && noted.has(path)),
    ...paths.filter((path) => fitsAny(path, [...ownPatterns, ...clusterPatterns])),
  ];
}

/** What was noted elsewhere: files go, folders go when nothing else is in them. Which is which is seen when it is their turn. */
function pathsOf({ paths }: ObservedLeftovers, { noted }: Ours, trees: readonly string[]): readonly string[] {
  const there = new Set(paths);
  const whole = [...trees, ...ownTrees];
  const found = [...noted].filter((path) => there.has(path) && !isKubeconfigCopy(path) && !isWithin(path, whole));
  // Those below stand before those above.
  return found.toSorted((left, right) => right.length - left.length);
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
