import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { StepHandler } from '../step-handler.ts';
import { bringUp, showUnit, systemctl } from '../unit.ts';
import { notePaths } from './note-paths.ts';

/** States of a unit's file that enabling changes; others, such as `static`, have nothing to enable. */
const notEnabled: ReadonlySet<string> = new Set(['disabled', 'enabled-runtime', 'linked', 'linked-runtime']);

/** A change of the unit's file while it is active comes into effect when it is next started. */
export const startUnit: StepHandler<'start-unit'> = async ({ unit }, context) => {
  const { host } = context;
  let found = await showUnit(host, unit);
  let changed = false;
  if (found.NeedDaemonReload === 'yes' || found.LoadState !== 'loaded') {
    await systemctl(host, ['daemon-reload']);
    found = await showUnit(host, unit);
    changed = true;
  }
  if (found.LoadState !== 'loaded') throw unusable(unit, found.LoadState);
  if (notEnabled.has(found.UnitFileState)) {
    await systemctl(host, ['enable', '--quiet', '--', unit]);
    changed = true;
  }
  if (found.ActiveState !== 'active') {
    // systemd makes the folder where something is mounted.
    if (found.Where !== undefined && found.Where !== '') await notePaths([found.Where], context);
    await bringUp(host, unit, 'start');
    changed = true;
  }
  return { changed };
};

function unusable(unit: string, state: string): MetalK8sError {
  const isMasked = state === 'masked';
  return new MetalK8sError('STEP_FAILED', `systemd cannot use the unit ${unit}: ${state}`, {
    where: unit,
    hint: isMasked
      ? `Somebody has switched it off for good. If that was not on purpose: systemctl unmask ${unit}. Then run again.`
      : `See what it says: systemctl status ${unit}. Then run again.`,
  });
}
