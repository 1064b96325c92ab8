import { heldPackages, VERSION_LOCKS, withoutHolds } from '../leftovers/packages.ts';
import type { StepHandler } from '../step-handler.ts';

export const releaseHolds: StepHandler<'release-holds'> = async ({ packages }, { host }) => {
  const [list, protection] = [await host.files.read(VERSION_LOCKS), await host.files.stat(VERSION_LOCKS)];
  if (list === undefined || protection === undefined) return { changed: false };
  if (!heldPackages(list).some((name) => packages.includes(name))) return { changed: false };
  await host.files.writeAtomic([{ path: VERSION_LOCKS, content: withoutHolds(list, packages), ...protection }]);
  return { changed: true };
};
