import { runChecked } from '../run-checked.ts';
import type { StepHandler } from '../step-handler.ts';
import { showUnit } from '../unit.ts';

const ENABLED: ReadonlySet<string> = new Set(['enabled', 'enabled-runtime', 'linked', 'linked-runtime', 'alias']);
const STOPPED: ReadonlySet<string> = new Set(['inactive', 'failed']);

export const stopUnits: StepHandler<'stop-units'> = async ({ units }, { host }) => {
  let changed = false;
  for (const unit of units) {
    const { ActiveState, UnitFileState } = await showUnit(host, unit);
    const failure = { message: `The unit ${unit} cannot be stopped`, hint: `See why: systemctl status ${unit}` };
    if (ENABLED.has(UnitFileState)) {
      await runChecked(host, ['systemctl', 'disable', '--quiet', '--', unit], failure);
      changed = true;
    }
    if (!STOPPED.has(ActiveState)) {
      await runChecked(host, ['systemctl', 'stop', '--', unit], failure);
      changed = true;
    }
  }
  return { changed };
};
