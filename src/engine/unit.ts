import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { Host } from '../hosts/host.ts';
import { lastLines } from '../hosts/last-lines.ts';
import { runChecked } from './run-checked.ts';

/** What systemd knows of a unit, see org.freedesktop.systemd1(5). */
export interface Unit {
  /** `loaded`, `not-found`, `masked`, `bad-setting`… */
  readonly LoadState: string;
  /** `active`, `inactive`, `activating`, `failed`… */
  readonly ActiveState: string;
  /** `enabled`, `disabled`, `static`…; empty: it has no file. */
  readonly UnitFileState: string;
  /** `yes`: its file is another than systemd has read. */
  readonly NeedDaemonReload: string;
  /** Where a mount unit mounts. */
  readonly Where?: string;
}

export async function showUnit(host: Host, unit: string): Promise<Unit> {
  const properties = 'LoadState,ActiveState,UnitFileState,NeedDaemonReload,Where';
  const { stdout } = await systemctl(host, ['show', `--property=${properties}`, '--', unit]);
  return readUnit(stdout);
}

/** Reads lines of `KEY=VALUE`. */
function readUnit(text: string): Unit {
  const none = { LoadState: 'not-found', ActiveState: 'inactive', UnitFileState: '', NeedDaemonReload: 'no' };
  return { ...none, ...Object.fromEntries([...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, key, value]) => [key, value])) };
}

/** Runs systemctl where nothing can be wrong but systemd itself. */
export function systemctl(host: Host, words: readonly string[]) {
  return runChecked(host, ['systemctl', ...words], {
    message: `systemctl ${words[0]} failed`,
    hint: 'See whether systemd is well: systemctl is-system-running; journalctl --priority=err.',
  });
}

/** Starts a unit, or starts it anew, and sees to it that it is active then. Throws a `STEP_FAILED` with its state and what it said last. */
export async function bringUp(host: Host, unit: string, verb: 'start' | 'restart'): Promise<void> {
  const { exitCode, stderr } = await host.run(['systemctl', verb, '--', unit]);
  const { ActiveState } = exitCode === 0 ? await showUnit(host, unit) : { ActiveState: 'failed' };
  if (ActiveState !== 'active') throw await unitFailure(host, unit, stderr);
}

/** That a unit is not as it should be, with what systemd and the unit say. */
async function unitFailure(host: Host, unit: string, said: string): Promise<MetalK8sError> {
  const status = await host.run(['systemctl', 'status', '--no-pager', '--full', '--lines=0', '--', unit]);
  const journal = await host.run(['journalctl', '--no-pager', '--output=cat', '--lines=20', `--unit=${unit}`]);
  const words = [said, status.stdout || status.stderr, journal.stdout].map((text) => lastLines(text, 20));
  return new MetalK8sError('STEP_FAILED', `The unit ${unit} could not be started`, {
    where: unit,
    hint: `Mend what it says, then run again. More of it: journalctl --unit=${unit}`,
    cause: new Error(words.filter((text) => text !== '').join('\n')),
  });
}
