import { readFile } from 'node:fs/promises';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { differenceLine, differences } from '../plan/differences.ts';
import type { Plan } from '../plan/plan.ts';
import { readStoredPlan } from '../plan/stored-plan.ts';
import { planPath } from './run-folders.ts';
import type { RunRecord } from './run-record.ts';

export interface Wanted {
  readonly command: string;
  /** What the user can change, as it is now: plain data. */
  readonly inputs: unknown;
}

/**
 * The plan that a command has to carry on with, or over again: that of the last run, when both are of the same command and inputs; undefined
 * when there is nothing to carry on with. Throws a `DIFFERS` that names what is not as it was, and one for a run of another
 * command that did not come to its end. What hosts say of themselves by now plays no part: a run changes it.
 */
export async function storedPlan(
  runs: string,
  last: RunRecord | undefined,
  { command, inputs }: Wanted,
): Promise<Plan | undefined> {
  if (last === undefined) return undefined;
  if (last.command !== command) {
    if (last.state === 'finished') return undefined;
    throw new MetalK8sError('DIFFERS', `${last.command} did not come to its end on this host`, {
      where: `run ${last.id}`,
      hint: `Run it again, so that it does: metalk8s ${last.command}`,
    });
  }
  const changed = differences(last.inputs, inputs);
  if (changed.length > 0) throw differs(last, changed.map(differenceLine));
  const path = planPath(runs, last.id);
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new MetalK8sError('STEP_FAILED', 'the stored plan cannot be read', {
      where: path,
      hint: 'See to it that the file system can be read, or undo the run: metalk8s reset',
      cause,
    });
  });
  return readStoredPlan(text, path);
}

function differs({ id, command, state }: RunRecord, lines: readonly string[]): MetalK8sError {
  const what = state === 'finished' ? 'made this host what it is' : 'was begun on this host';
  const message = `${command} ${what} with other inputs (was → is):`;
  return new MetalK8sError('DIFFERS', [message, ...lines.map((line) => `  ${line}`)].join('\n'), {
    where: `run ${id}`,
    hint:
      state === 'finished'
        ? 'Put them back to run it again as it was. To start anew with others: metalk8s reset, which undoes everything.'
        : 'Put them back to carry on. To start anew with others: metalk8s reset, which undoes what was done.',
  });
}
