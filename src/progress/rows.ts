import type { ProgressEvent, RunStarted, StepSummary } from '../events/event.ts';
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
  /** More about it, such as how far it is or what it waits for. */
  readonly detail: string;
  /** When that step began, in milliseconds; undefined: none runs. */
  readonly begun: number | undefined;
  /** When what goes on began: the step, or the wait that it is in. */
  readonly since: number | undefined;
  readonly output: string;
  /** How bytes come, by the id of their step: several may be under way. */
  readonly transfers: ReadonlyMap<string, Transfer>;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
}

export type Rows = ReadonlyMap<string, Row>;

/** The rows of a run, in its order: of its steps, then of hosts that will have some. */
export function rowsOf({ steps, hosts = [] }: Pick<RunStarted, 'steps' | 'hosts'>): Rows {
  const rows = new Map(withSteps(new Map(), steps));
  for (const host of hosts) if (!rows.has(host)) rows.set(host, emptyRow(host));
  return rows;
}

function withSteps(before: Rows, steps: readonly StepSummary[]): Rows {
  const rows = new Map(before);
  for (const step of steps) {
    const key = rowKey(step);
    const row = rows.get(key) ?? emptyRow(key);
    rows.set(key, { ...row, steps: row.steps + 1 });
  }
  return rows;
}

/** The rows after one more event, at a time in milliseconds. A row that failed stays as it failed; rows are those of the run's beginning. */
export function advance(rows: Rows, event: ProgressEvent, at: number): Rows {
  if (event.type === 'steps-planned') return withSteps(rows, event.steps);
  if (!('step' in event)) return rows;
  const key = rowKey(event.step);
  const row = rows.get(key);
  if (row === undefined || row.state === 'failed') return rows;
  return new Map(rows).set(key, settle({ ...row, ...change(row, event, at) }));
}

/** `node-1 3/10, 12 s: Install packages: 4/20 MiB`, beside an icon for the state. `at`: now, in milliseconds. */
export function rowTitle(row: Row, at = 0): string {
  if (row.state === 'waiting') return row.name;
  const head = `${row.name} ${row.ended}/${row.steps}`;
  return row.state === 'done' ? `${head} ${outcome(row)}` : `${head}${elapsed(row, at)} ${row.now}${row.detail}`;
}

/** What takes less is over before anybody wonders. */
const SHORTEST_TOLD_MS = 3_000;

function elapsed({ state, since }: Row, at: number): string {
  return state === 'failed' || since === undefined || at - since < SHORTEST_TOLD_MS ? '' : `, ${duration(at - since)}:`;
}

function duration(milliseconds: number): string {
  const whole = Math.floor(milliseconds / 1000);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
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
      return { state: 'running', now: title, detail: '', begun: at, since: at, output: '' };
    case 'step-progress': {
      const { id } = event.step;
      const transfer = looked(row.transfers.get(id) ?? [], { at, done: event.done });
      const transfers = new Map(row.transfers).set(id, transfer);
      return { now: title, detail: `: ${progress(event, transfer)}`, since: row.begun, transfers };
    }
    case 'step-waiting': {
      const awaited = `waiting for ${event.for}`;
      const seen = event.seen === undefined ? '' : `last seen: ${event.seen}`;
      const detail = `: ${[awaited, seen].filter((text) => text !== '').join(', ')}`;
      return { now: title, detail, since: Date.parse(event.since), output: seen === '' ? awaited : seen };
    }
    case 'step-retried':
      return { now: title, detail: `: attempt ${event.attempt} failed: ${event.why}`, since: row.begun };
    case 'step-output':
      return { output: event.line };
    case 'step-skipped':
      return { state: 'running', ...ended(row, title) };
    case 'step-done':
      return {
        state: 'running',
        ...ended(row, title),
        changed: row.changed + (event.changed ? 1 : 0),
        looks: row.looks || event.changed === undefined,
      };
    case 'step-failed':
      return { state: 'failed', ...ended(row, title), detail: `: ${event.error.message}` };
  }
}

function ended(row: Row, title: string): Pick<Row, 'now' | 'detail' | 'begun' | 'since' | 'ended'> {
  return { now: title, detail: '', begun: undefined, since: undefined, ended: row.ended + 1 };
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
    detail: '',
    begun: undefined,
    since: undefined,
    output: '',
    transfers: new Map(),
    state: 'waiting',
  };
}
