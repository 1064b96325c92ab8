import type { JournalEntry } from '../../../src/engine/journal.ts';

/** What ends a run: a kill, an order to stop, two from the keyboard, a terminal that goes away, or a host without power. */
export type Blow = 'SIGKILL' | 'SIGTERM' | 'SIGINT twice' | 'lost terminal' | 'power cut';

/** A moment in a run: so long after its start, or after a line of its journal. */
export interface Kill {
  readonly line: 'started' | 'run-begun' | 'step-begun' | 'step-done';
  /** Of a line about a step: of which one; any when left out. */
  readonly step?: string;
  readonly afterMs: number;
  /** `SIGKILL` when left out. */
  readonly by?: Blow;
  /** It is so near the end of the run that this may have come before the blow. */
  readonly mayBeOver?: boolean;
}

export interface WantedKills {
  /** How many of the boundaries before the first step, between steps, and after the last one; all when there are no more. */
  readonly boundaries: number;
  /** How many moments between two lines, before the first one as well. */
  readonly instants: number;
  /** One more such moment in each stage, however short that is. */
  readonly eachStage?: boolean;
  /** What else ends the run, each at one more such moment. */
  readonly others?: readonly Blow[];
  /** The same seed gives the same chances. */
  readonly seed: number;
}

/** A run that was not disturbed. */
export interface TimedRun {
  /** When it was started, in milliseconds as of `Date.now()`. */
  readonly startedAt: number;
  readonly journal: readonly JournalEntry[];
}

/**
 * When to kill a run, in the order of its stages, chosen by chance: at lines of the journal, and at instants, of which a stage gets the more the
 * longer it took. What only asks a run to stop comes in no stage after which the run may as well do the little that is left.
 */
export function chooseKills(
  run: TimedRun,
  { boundaries, instants, eachStage = false, others = [], seed }: WantedKills,
): readonly Kill[] {
  const chance = chances(seed);
  const stages = stagesOf(run);
  const kills = [
    ...shuffled(stages.flatMap(boundaryOf), chance).slice(0, boundaries),
    ...(eachStage ? stages.map((stage) => instantIn(stage, chance() * stage.milliseconds)) : []),
    ...Array.from({ length: instants }, () => instantOf(stages, chance)),
    ...others.map((by) => ({ ...instantOf(by === 'power cut' ? stages : stoppable(stages), chance), by })),
  ];
  const places = new Map(stages.map((stage, index) => [nameOf(stage), index]));
  const order = ({ line, step, afterMs }: Kill) =>
    (places.get(nameOf({ line: line === 'step-done' ? 'step-begun' : line, step })) ?? Number.NaN) +
    (line === 'step-done' ? 0.9 : 0) +
    afterMs / 1e9;
  return kills.sort((one, other) => order(one) - order(other));
}

/** What lies between two lines of the journal, named after the first. */
interface Stage {
  readonly line: 'started' | 'run-begun' | 'step-begun';
  readonly step?: string;
  readonly milliseconds: number;
  readonly isLast: boolean;
}

/** Verification, preflight and planning; what is noted before the first step; and each step. */
function stagesOf({ startedAt, journal }: TimedRun): readonly Stage[] {
  const timeOf = (entry: JournalEntry | undefined) => Date.parse(entry?.time ?? '');
  const begun = timeOf(journal.find(({ what }) => what === 'run-begun'));
  const steps = journal.flatMap((entry) => (entry.what === 'step-begun' ? [entry] : []));
  const endOf = (step: string) => timeOf(journal.find((entry) => entry.what === 'step-done' && entry.step === step));
  return [
    { line: 'started', milliseconds: begun - startedAt, isLast: false },
    { line: 'run-begun', milliseconds: timeOf(steps[0]) - begun, isLast: false },
    ...steps.map(
      (entry): Stage => ({
        line: 'step-begun',
        step: entry.step,
        milliseconds: endOf(entry.step) - timeOf(entry),
        isLast: entry === steps.at(-1),
      }),
    ),
  ];
}

/** The line that a stage before the first step begins with, or that a step ends with. */
function boundaryOf({ line, step, isLast }: Stage): readonly Kill[] {
  if (line === 'started') return [];
  if (step === undefined) return [{ line, afterMs: 0 }];
  return [{ line: 'step-done', step, afterMs: 0, ...(isLast ? { mayBeOver: true } : {}) }];
}

function instantOf(stages: readonly Stage[], chance: () => number): Kill {
  let left = chance() * stages.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  for (const stage of stages) {
    if (left < stage.milliseconds) return instantIn(stage, left);
    left -= stage.milliseconds;
  }
  throw new RangeError('the journal has no steps');
}

function instantIn({ line, step, isLast }: Stage, milliseconds: number): Kill {
  const kill: Kill = { line, afterMs: Math.round(milliseconds) };
  return { ...kill, ...(step === undefined ? {} : { step }), ...(isLast ? { mayBeOver: true } : {}) };
}

/** Whoever is told to stop while the last step but one ends may do the last; before the program has begun, only a shell is told. */
function stoppable(stages: readonly Stage[]): readonly Stage[] {
  return stages.slice(1, -2);
}

function nameOf({ line, step = '' }: { readonly line: string; readonly step?: string | undefined }): string {
  return `${line} ${step}`;
}

function shuffled<Item>(items: readonly Item[], chance: () => number): readonly Item[] {
  return items
    .map((item) => [chance(), item] as const)
    .sort(([one], [other]) => one - other)
    .map(([, item]) => item);
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
