import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JournalEntry } from '../../../src/engine/journal.ts';
import { chooseKills } from './kill-plan.ts';

const START = Date.parse('2026-11-21T10:00:00.000Z');
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

/** The journal of a run whose steps took so many milliseconds. */
function journalOf(durations: Readonly<Record<string, number>>): readonly JournalEntry[] {
  let now = START;
  const at = () => new Date(now).toISOString();
  return Object.entries(durations).flatMap(([step, milliseconds]): JournalEntry[] => {
    const begun = { time: at(), what: 'step-begun', host: 'cp1', step } as const;
    now += milliseconds;
    return [begun, { time: at(), what: 'step-done', host: 'cp1', step, changed: true }];
  });
}

const journal = journalOf({ first: 2000, second: 0, third: 7000, fourth: 900, last: 100 });

test('all boundaries, each once, in the order of the steps, but for the end of the run', () => {
  const kills = chooseKills(journal, { boundaries: 1000, instants: 0, seed: 7 });
  expect(kills).toEqual(
    ['first', 'second', 'third', 'fourth'].map((step) => ({ step, line: 'step-done', afterMs: 0 })),
  );
});

test('instants lie within their step, and none where the run may have ended by then', () => {
  const longest: Readonly<Record<string, number>> = { first: 2000, third: 7000, fourth: 900 };
  fc.assert(
    fc.property(seeds, (seed) => {
      const kills = chooseKills(journal, { boundaries: 2, instants: 9, others: ['SIGTERM', 'lost terminal'], seed });
      expect(kills).toHaveLength(13);
      const instants = kills.filter(({ line }) => line === 'step-begun');
      for (const { step, afterMs } of instants) expect(afterMs).toBeLessThanOrEqual(longest[step] ?? -1);
      const others = kills.filter(({ by }) => by !== undefined);
      expect(others.map(({ by }) => by).sort()).toEqual(['SIGTERM', 'lost terminal']);
      for (const { step } of others) expect(['first', 'third']).toContain(step);
      const moments = kills.map(
        ({ step, line, afterMs }) =>
          Object.keys(longest).indexOf(step) * 10_000 + (line === 'step-done' ? 9000 : afterMs),
      );
      const known = moments.filter((moment) => moment >= 0);
      expect(known).toEqual(known.toSorted((one, other) => one - other));
    }),
  );
});

test('a seed says which', () => {
  const wanted = { boundaries: 2, instants: 5, others: ['SIGTERM'] } as const;
  expect(chooseKills(journal, { ...wanted, seed: 5 })).toEqual(chooseKills(journal, { ...wanted, seed: 5 }));
  expect(chooseKills(journal, { ...wanted, seed: 5 })).not.toEqual(chooseKills(journal, { ...wanted, seed: 6 }));
});
