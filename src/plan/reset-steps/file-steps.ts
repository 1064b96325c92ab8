import type { ObservedLeftovers } from '../observed-leftovers.ts';
import type { Step } from '../plan.ts';
import type { FilePossession } from '../possession.ts';
import {
  CONTAINERD_UNIT,
  clusterPatterns,
  clusterTrees,
  isKubeconfigCopy,
  ownPatterns,
  ownTrees,
  programPatterns,
  RUNTIME_DIRECTORY,
  STATE_DIRECTORY,
  sharedTrees,
} from '../reset-paths.ts';
import { fitsAny, isWithin, type Ours } from '../what-is-ours.ts';
import { ifAny, type MakeUndoStep } from './undo-step.ts';

const OWNERS = 'they are of the owner of the host';

/** Salt masks it, so that nothing swaps. */
const SWAP = 'swap.target';
const SWAP_MASK = `/etc/systemd/system/${SWAP}`;

/**
 * Removes what was laid down: what others made for the cluster, then units that are gone. The archives stay mounted until nothing is left that may
 * fail, since the program is started from them again. Last goes what says what there is to undo.
 */
export function fileSteps(leftovers: ObservedLeftovers, facts: Ours, step: MakeUndoStep): readonly Step[] {
  const { units } = leftovers;
  const trees = treesOf(leftovers, facts);
  const ours = pathsOf(leftovers, facts, trees);
  const leftFiles = trees.length + ours.length > 0;
  // Whoever looks holds the lock, so that alone says nothing.
  const hasOwn = ownTrees.some((path) => path !== RUNTIME_DIRECTORY && leftovers.paths.includes(path));
  // What is carried out is written down first, so that it is there by then.
  const own = ownTrees.filter((path) => path === STATE_DIRECTORY || leftovers.paths.includes(path));
  // A reset that was killed may have removed the mask, and not come to this.
  const swaps = (leftFiles || hasOwn) && facts.noted.has(SWAP_MASK);
  const files = leftFiles || hasOwn ? placedFiles(leftovers, facts) : [];
  const mounts = units.filter((unit) => unit.endsWith('.mount'));
  const mountUnits = leftovers.paths.filter((path) => fitsAny(path, programPatterns));
  return [
    ...ifAny(
      files.filter(({ path }) => !fitsAny(path, programPatterns)),
      (found) =>
        step('restore-files', 'Remove our files from folders of others, and put back what they replaced', OWNERS, {
          kind: 'restore-files',
          files: found,
        }),
    ),
    ...(leftFiles
      ? [
          step('remove-files', 'Remove what the cluster and its programs left', 'none of it was there before', {
            kind: 'remove-paths',
            trees: withoutThoseBelow(trees),
            ours,
          }),
        ]
      : []),
    ...(units.length > mounts.length || swaps
      ? [
          step('reload-units', 'Have systemd read its units anew', 'those of the cluster are gone', {
            kind: 'reload-units',
            starts: swaps ? [SWAP] : [],
            restarts: facts.hadContainerd && units.includes(CONTAINERD_UNIT) ? [CONTAINERD_UNIT] : [],
          }),
        ]
      : []),
    ...ifAny(mounts, (found) =>
      step('unmount-archives', 'Unmount the archives', 'nothing reads them any more', {
        kind: 'stop-units',
        units: found,
      }),
    ),
    ...ifAny(
      files.filter(({ path }) => fitsAny(path, programPatterns)),
      (found) =>
        step('remove-command', 'Remove the command metalk8s, and put back what it replaced', OWNERS, {
          kind: 'restore-files',
          files: found,
        }),
    ),
    ...ifAny(hasOwn || leftFiles || mounts.length + mountUnits.length > 0 ? [...mountUnits, ...own] : [], (found) =>
      step('remove-own', 'Remove archives, logs, and what metalk8s knows of this host', 'nothing is left to undo', {
        kind: 'remove-paths',
        trees: found,
        ours: [],
      }),
    ),
    ...(mounts.length + mountUnits.length > 0
      ? [
          step('forget-archives', 'Have systemd forget the archives', 'their units are gone', {
            kind: 'reload-units',
            starts: [],
            restarts: [],
          }),
        ]
      : []),
  ];
}

/** Files that we placed, or were about to, but for those in folders that go whole. */
function placedFiles(
  { paths }: ObservedLeftovers,
  { possessions, noted }: Ours,
): readonly Omit<FilePossession, 'what'>[] {
  const trees = sharedTrees.filter((path) => paths.includes(path) && noted.has(path));
  return possessions.flatMap((each) => {
    if (each.what !== 'file' || isWithin(each.path, trees)) return [];
    const { what: _, ...file } = each;
    // Nothing is its owner's in a folder that was not there before, nor under a name of ours.
    const isOurs = isWithin(file.path, [...noted]) || fitsAny(file.path, ownPatterns);
    return [{ ...file, placed: file.placed || isOurs }];
  });
}

/** What goes whole. */
function treesOf({ paths }: ObservedLeftovers, { noted }: Ours): readonly string[] {
  const there = new Set(paths);
  return [
    ...clusterTrees.filter((path) => there.has(path)),
    ...sharedTrees.filter((path) => there.has(path) && noted.has(path)),
    ...paths.filter((path) => fitsAny(path, [...ownPatterns, ...clusterPatterns]) && !fitsAny(path, programPatterns)),
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
