import type { StepHandler } from '../step-handler.ts';

/** A setting that the kernel has no longer, since its module is gone, needs no value. One that cannot be written holds nothing up. */
export const restoreSettings: StepHandler<'restore-settings'> = async ({ settings }, { host, report }) => {
  let changed = false;
  for (const { name, value } of settings) {
    const present = await host.files.read(`/proc/sys/${name.replaceAll('.', '/')}`);
    if (present === undefined || present.trim() === value) continue;
    const { exitCode } = await host.run(['sysctl', '--quiet', '--write', `${name}=${value}`]);
    if (exitCode === 0) changed = true;
    else
      report.warning(
        `the kernel setting ${name} was ${value} before, and cannot be put back; the next start of the host does it`,
      );
  }
  return { changed };
};
