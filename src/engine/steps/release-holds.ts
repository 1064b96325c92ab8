import { heldPackages, versionLocksPath, withoutHolds } from '../leftovers/packages.ts';
import type { StepHandler } from '../step-handler.ts';

export const releaseHolds: StepHandler<'release-holds'> = async ({ packages }, { host }) => {
  const path = await versionLocksPath(host);
  const [list, protection] = [await host.files.read(path), await host.files.stat(path)];
  if (list === undefined || protection === undefined) return { changed: false };
  if (!heldPackages(list).some((name) => packages.includes(name))) return { changed: false };
  await host.files.writeAtomic([{ path, content: withoutHolds(list, packages), ...protection }]);
  return { changed: true };
};
