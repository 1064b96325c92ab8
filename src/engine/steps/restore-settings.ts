import type { StepHandler } from '../step-handler.ts';
import { runChecked } from './run-checked.ts';

/** A setting that the kernel has no longer, since its module is gone, needs no value. */
export const restoreSettings: StepHandler<'restore-settings'> = async ({ settings }, { host }) => {
  let changed = false;
  for (const { name, value } of settings) {
    const present = await host.files.read(`/proc/sys/${name.replaceAll('.', '/')}`);
    if (present === undefined || present.trim() === value) continue;
    await runChecked(host, ['sysctl', '--quiet', '--write', `${name}=${value}`], {
      message: `The kernel setting ${name} cannot be put back`,
      hint: `Put it back by hand, then run again: sysctl -w ${name}=${value}`,
    });
    changed = true;
  }
  return { changed };
};
