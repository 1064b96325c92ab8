import type { StepHandler } from '../step-handler.ts';
import { bringUp, showUnit, systemctl } from './unit.ts';

/** Units that are gone would otherwise be listed as failed, or as not found, for as long as the host runs. */
export const reloadUnits: StepHandler<'reload-units'> = async ({ starts, restarts }, { host }) => {
  await systemctl(host, ['daemon-reload']);
  await host.run(['systemctl', 'reset-failed', 'kubelet.service', 'containerd.service', 'srv-metalk8s-*.mount']);
  let changed = false;
  for (const unit of starts) {
    if ((await showUnit(host, unit)).ActiveState === 'active') continue;
    await bringUp(host, unit, 'start');
    changed = true;
  }
  for (const unit of restarts) {
    await bringUp(host, unit, 'restart');
    changed = true;
  }
  return { changed };
};
