import type { ProgressEvent, StepSummary } from '../events/event.ts';
import { progress } from './event-line.ts';
import { looked, type Transfer } from './transfer.ts';

/** A row of the live list: one host, or one group of steps that belong to no host. */
export interface Row {
  readonly name: string;
  readonly steps: number;
  /** Steps that have ended, in whatever way. */
  readonly ended: number;
  readonly changed: number;
  /** It has steps that could not change anything. */
  readonly looks: boolean;
  /** What goes on at the moment. */
  readonly now: string;
  readonly output: string;
  /** How bytes come, by the id of their step: several may be under way. */
  readonly transfers: ReadonlyMap<string, Transfer>;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
}

export type Rows = ReadonlyMap<string, Row>;

/** The rows of a plan, in its order. */
export function rowsOf(steps: readonly StepSummary[]): Rows {
  const rows = new Map<string, Row>();
  for (const step of steps) {
    const key = rowKey(step);
    const row = rows.get(key) ?? emptyRow(key);
    rows.set(key, { ...row, steps: row.steps + 1 });
  }
  return rows;
}

/** The rows after one more event, at a time in milliseconds. A row that failed stays as it failed; rows are those of the plan. */
export function advance(rows: Rows, event: ProgressEvent, at: number): Rows {
  if (!('step' in event)) return rows;
  const key = rowKey(event.step);
  const row = rows.get(key);
  if (row === undefined || row.state === 'failed') return rows;
  return new Map(rows).set(key, settle({ ...row, ...change(row, event, at) }));
}

/** `node-1 3/10 Install packages: 4/20 MiB`, beside an icon for the state. */
export function rowTitle(row: Row): string {
  if (row.state === 'waiting') return row.name;
  return `${row.name} ${row.ended}/${row.steps} ${row.state === 'done' ? outcome(row) : row.now}`;
}

function outcome({ changed, looks }: Row): string {
  if (changed > 0) return `${changed} changed`;
  return looks ? 'done' : 'already so';
}

type StepEvent = Extract<ProgressEvent, { step: StepSummary }>;

function change(row: Row, event: StepEvent, at: number): Partial<Row> {
  const { title } = event.step;
  switch (event.type) {
    case 'step-started':
      return { state: 'running', now: title, output: '' };
    case 'step-progress': {
      const { id } = event.step;
      const transfer = looked(row.transfers.get(id) ?? [], { at, done: event.done });
      return { now: `${title}: ${progress(event, transfer)}`, transfers: new Map(row.transfers).set(id, transfer) };
    }
    case 'step-waiting':
      return {
        now: `${title}: waiting for ${event.for}${event.seen === undefined ? '' : `, last seen: ${event.seen}`}`,
      };
    case 'step-retried':
      return { now: `${title}: attempt ${event.attempt} failed: ${event.why}` };
    case 'step-output':
      return { output: event.line };
    case 'step-skipped':
      return { state: 'running', now: title, ended: row.ended + 1 };
    case 'step-done':
      return {
        state: 'running',
        now: title,
        ended: row.ended + 1,
        changed: row.changed + (event.changed ? 1 : 0),
        looks: row.looks || event.changed === undefined,
      };
    case 'step-failed':
      return { state: 'failed', now: `${title}: ${event.error.message}`, ended: row.ended + 1 };
  }
}

function settle(row: Row): Row {
  return row.state === 'running' && row.ended >= row.steps ? { ...row, state: 'done' } : row;
}

function rowKey({ id, host }: StepSummary): string {
  return host ?? id.split('/')[0] ?? id;
}

function emptyRow(name: string): Row {
  return {
    name,
    steps: 0,
    ended: 0,
    changed: 0,
    looks: false,
    now: '',
    output: '',
    transfers: new Map(),
    state: 'waiting',
  };
}
