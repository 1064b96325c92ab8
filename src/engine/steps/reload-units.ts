import type { StepHandler } from '../step-handler.ts';
import { bringUp, showUnit, systemctl } from '../unit.ts';

const SWAPS = '/proc/swaps';

/**
 * Units that are gone would otherwise be listed as failed, or as not found, for as long as the host runs. What is started is started also where it
 * is active: swap.target is so on every host, and stays so when what it pulls in is stopped.
 */
export const reloadUnits: StepHandler<'reload-units'> = async ({ starts, restarts }, { host }) => {
  await systemctl(host, ['daemon-reload']);
  await host.run(['systemctl', 'reset-failed', 'kubelet.service', 'containerd.service', 'srv-metalk8s-*.mount']);
  const swapped = await host.files.read(SWAPS);
  let changed = false;
  for (const unit of starts) {
    if ((await showUnit(host, unit)).ActiveState !== 'active') changed = true;
    await bringUp(host, unit, 'start');
  }
  if ((await host.files.read(SWAPS)) !== swapped) changed = true;
  for (const unit of restarts) {
    await bringUp(host, unit, 'restart');
    changed = true;
  }
  return { changed };
};
