import type { JournalEntry, RunOutcome } from './journal.ts';

/** A run as its journal tells it. */
export interface RunRecord {
  /** `0001-bootstrap-20261121T184300Z`; the number grows from run to run, whatever the clock says. */
  readonly id: string;
  readonly command: string;
  /** Product version of the program that began it. */
  readonly version: string;
  /** Finished: it came to the end of its plan. What failed, was stopped or killed is unfinished, and is resumed under the same id. */
  readonly state: 'unfinished' | 'finished';
  /** How it ended last; null: it runs, or was killed. */
  readonly outcome: RunOutcome | null;
  readonly planDigest: string;
  /** What the plan followed from, as JSON has it. */
  readonly inputs: unknown;
  /** ISO 8601. */
  readonly started: string;
  /** When it ended last; null: it runs, or was killed. */
  readonly ended: string | null;
  /** The step that it was at last; null: none was begun. */
  readonly step: { readonly host: string; readonly id: string } | null;
  /** How many steps came to their end since it was begun or resumed last. */
  readonly stepsDone: number;
}

/** Reads what a run came to from its journal; undefined when not even its beginning can be read. */
export function runRecord(id: string, entries: readonly JournalEntry[], inputs: unknown): RunRecord | undefined {
  const begun = entries.filter((entry) => entry.what === 'run-begun');
  const first = begun[0];
  if (first === undefined) return undefined;
  const since = entries.slice(entries.findLastIndex((entry) => entry.what === 'run-begun'));
  const last = entries.findLast((entry) => entry.what === 'step-begun');
  const end = since.findLast((entry) => entry.what === 'run-ended');
  const finished = entries.some((entry) => entry.what === 'run-ended' && entry.outcome === 'done');
  return {
    id,
    command: first.command,
    version: first.version,
    state: finished ? 'finished' : 'unfinished',
    outcome: end?.outcome ?? null,
    planDigest: first.planDigest,
    inputs,
    started: first.time,
    ended: end?.time ?? null,
    step: last === undefined ? null : { host: last.host, id: last.step },
    stepsDone: since.filter((entry) => entry.what === 'step-done').length,
  };
}

/** Whether any of the runs of a host may have made something there: a reset only takes away, also one that did not come to its end. */
export function haveMade(runs: readonly Pick<RunRecord, 'command'>[]): boolean {
  return runs.some(({ command }) => command !== 'reset');
}
