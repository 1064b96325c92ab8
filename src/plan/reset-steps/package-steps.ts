import type { ObservedLeftovers } from '../observed-leftovers.ts';
import type { Step } from '../plan.ts';
import type { Ours } from '../what-is-ours.ts';
import { ifAny, type MakeUndoStep } from './undo-step.ts';

/** Removes packages that were not there before, with what came with them: holds, keys, users. */
export function packageSteps(
  leftovers: ObservedLeftovers,
  { packages, hadKeys }: Ours,
  step: MakeUndoStep,
): readonly Step[] {
  const ours = new Set(leftovers.archiveKeys.map((fingerprint) => fingerprint.slice(-8).toLowerCase()));
  const keys = leftovers.rpmKeys.filter(
    (key) => !hadKeys.has(key) && ours.has((key.split('-').at(-2) ?? '').slice(-8)),
  );
  return [
    ...ifAny(leftovers.heldPackages, (found) =>
      step('release-holds', 'Release packages that were held at one version', 'nothing needs that version any more', {
        kind: 'release-holds',
        packages: found,
      }),
    ),
    ...ifAny(packages, (found) =>
      step('remove-packages', 'Remove the packages that were not there before', 'they came from our archives', {
        kind: 'remove-packages',
        packages: found,
      }),
    ),
    ...ifAny(keys, (found) =>
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
    ...ifAny(leftovers.users, (users) =>
      step('remove-users', 'Remove users and groups that were made', 'their data goes as well', {
        kind: 'remove-users',
        users,
      }),
    ),
  ];
}
