import { rpmKeysOf } from '../rpm-database.ts';
import { runChecked } from '../run-checked.ts';
import type { StepHandler } from '../step-handler.ts';

export const removeRpmKeys: StepHandler<'remove-rpm-keys'> = async ({ keys }, { host }) => {
  const there = await rpmKeysOf(host);
  const found = keys.filter((key) => there.includes(key));
  if (found.length === 0) return { changed: false };
  await runChecked(host, ['rpm', '--erase', '--', ...found], {
    message: 'rpm cannot remove public keys',
    hint: 'Mend the package manager, then run again.',
  });
  return { changed: true };
};
