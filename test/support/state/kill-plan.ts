import type { JournalEntry } from '../../../src/engine/journal.ts';

/** What ends a run: a kill, an order to stop, or a terminal that goes away. */
type Blow = 'SIGKILL' | 'SIGTERM' | 'lost terminal';

/** A moment in a run: so long after a line of its journal. */
export interface Kill {
  readonly step: string;
  readonly line: 'step-begun' | 'step-done';
  readonly afterMs: number;
  /** `SIGKILL` when left out. */
  readonly by?: Blow;
}

export interface WantedKills {
  /** How many of the boundaries between steps; all when there are no more. */
  readonly boundaries: number;
  /** How many moments between two lines. */
  readonly instants: number;
  /** What else ends the run, each at one more such moment. */
  readonly others?: readonly Blow[];
  /** The same seed gives the same kills. */
  readonly seed: number;
}

/**
 * When to kill a run, in the order of its steps, chosen by chance from the journal of one that was not disturbed: at lines, and at instants, of which
 * a step gets the more the longer it took. None is in the last step or after it: where that is short, the run may have come to its end before the blow.
 */
export function chooseKills(
  journal: readonly JournalEntry[],
  { boundaries, instants, others = [], seed }: WantedKills,
): readonly Kill[] {
  const chance = chances(seed);
  const steps = durations(journal).slice(0, -1);
  const atBoundaries = shuffled(steps, chance)
    .slice(0, boundaries)
    .map(({ step }): Kill => ({ step, line: 'step-done', afterMs: 0 }));
  const between = [
    ...Array.from({ length: instants }, () => instantOf(steps, chance)),
    // Whoever is told to stop while the last step but one ends may as well do the last.
    ...others.map((by) => ({ ...instantOf(steps.slice(0, -1), chance), by })),
  ];
  const place = new Map(steps.map(({ step }, index) => [step, index]));
  const order = ({ step, line, afterMs }: Kill) =>
    (place.get(step) ?? 0) + (line === 'step-done' ? 0.9 : 0) + afterMs / 1e9;
  return [...atBoundaries, ...between].sort((one, other) => order(one) - order(other));
}

interface TimedStep {
  readonly step: string;
  readonly milliseconds: number;
}

function instantOf(steps: readonly TimedStep[], chance: () => number): Kill {
  let left = chance() * steps.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  for (const { step, milliseconds } of steps) {
    if (left < milliseconds) return { step, line: 'step-begun', afterMs: Math.round(left) };
    left -= milliseconds;
  }
  throw new RangeError('the journal has no steps');
}

/** How long each step took, of a journal with one run. */
function durations(journal: readonly JournalEntry[]): readonly TimedStep[] {
  const begun = new Map<string, number>();
  return journal.flatMap((entry) => {
    if (entry.what === 'step-begun') begun.set(entry.step, Date.parse(entry.time));
    if (entry.what !== 'step-done') return [];
    return [{ step: entry.step, milliseconds: Date.parse(entry.time) - (begun.get(entry.step) ?? Number.NaN) }];
  });
}

function shuffled<Item>(items: readonly Item[], chance: () => number): readonly Item[] {
  return items
    .map((item) => [chance(), item] as const)
    .sort(([one], [other]) => one - other)
    .map(([, item]) => item);
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
