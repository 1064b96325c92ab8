import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JournalEntry } from '../../../src/engine/journal.ts';
import { chooseKills, type Kill, type TimedRun } from './kill-plan.ts';

const STARTED_AT = Date.parse('2026-11-21T10:00:00.000Z');
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const OTHERS = ['SIGTERM', 'SIGINT twice', 'lost terminal', 'power cut'] as const;

/** A run whose stages took so many milliseconds: before it began, before its first step, and its steps. */
function runOf({ started, begun, ...steps }: Readonly<Record<string, number>>): TimedRun {
  let now = STARTED_AT + (started ?? 0);
  const at = () => ({ time: new Date(now).toISOString() });
  const first: JournalEntry = { ...at(), what: 'run-begun', command: 'bootstrap', version: '1', planDigest: 'x' };
  now += begun ?? 0;
  const journal = Object.entries(steps).flatMap(([step, milliseconds]): JournalEntry[] => {
    const entry: JournalEntry = { ...at(), what: 'step-begun', host: 'cp1', step };
    now += milliseconds;
    return [entry, { ...at(), what: 'step-done', host: 'cp1', step, changed: true }];
  });
  return { startedAt: STARTED_AT, journal: [first, ...journal, { ...at(), what: 'run-ended', outcome: 'done' }] };
}

const LENGTHS = { started: 3000, begun: 50, first: 2000, second: 0, third: 7000, fourth: 900, last: 100 };
const run = runOf(LENGTHS);

test('all boundaries, each once, from the one before the first step to the one after the last', () => {
  const kills = chooseKills(run, { boundaries: 1000, instants: 0, seed: 7 });
  const ends = ['first', 'second', 'third', 'fourth'].map((step) => ({ step, line: 'step-done', afterMs: 0 }));
  expect(kills).toEqual([
    { line: 'run-begun', afterMs: 0 },
    ...ends,
    { step: 'last', line: 'step-done', afterMs: 0, mayBeOver: true },
  ]);
});

test('an instant in each stage, the verification and what is noted before the first step among them', () => {
  const kills = chooseKills(run, { boundaries: 0, instants: 0, eachStage: true, seed: 7 });
  expect(kills.map(({ line, step }) => step ?? line)).toEqual([
    'started',
    'run-begun',
    ...Object.keys(LENGTHS).slice(2),
  ]);
  expect(kills.filter(({ mayBeOver }) => mayBeOver)).toMatchObject([{ step: 'last' }]);
});

test('instants lie within their stage, and what asks to stop where the run cannot end by itself', () => {
  const names: Readonly<Record<string, string>> = { started: 'started', 'run-begun': 'begun' };
  const stageOf = ({ line, step }: Kill) => step ?? names[line] ?? '';
  const lengths: Readonly<Record<string, number>> = LENGTHS;
  fc.assert(
    fc.property(seeds, (seed) => {
      const kills = chooseKills(run, { boundaries: 2, instants: 9, others: OTHERS, seed });
      expect(kills).toHaveLength(15);
      for (const kill of kills) expect(kill.afterMs).toBeLessThanOrEqual(lengths[stageOf(kill)] ?? -1);
      for (const { step, mayBeOver = false } of kills) expect(mayBeOver).toBe(step === 'last');
      const others = kills.filter(({ by }) => by !== undefined);
      expect(others.map(({ by }) => by).sort()).toEqual(OTHERS.toSorted());
      for (const kill of others.filter(({ by }) => by !== 'power cut'))
        expect(['begun', 'first', 'third']).toContain(stageOf(kill));
      const order = Object.keys(LENGTHS);
      const moments = kills.map(
        (kill) => order.indexOf(stageOf(kill)) * 10_000 + (kill.line === 'step-done' ? 9000 : kill.afterMs),
      );
      expect(moments).toEqual(moments.toSorted((one, other) => one - other));
    }),
  );
});

test('some instants come before the run has begun', () => {
  const kills = chooseKills(run, { boundaries: 0, instants: 100, seed: 1 });
  expect(new Set(kills.map(({ step, line }) => step ?? line))).toContain('started');
});

test('a seed says which', () => {
  const wanted = { boundaries: 2, instants: 5, others: ['SIGTERM'] } as const;
  expect(chooseKills(run, { ...wanted, seed: 5 })).toEqual(chooseKills(run, { ...wanted, seed: 5 }));
  expect(chooseKills(run, { ...wanted, seed: 5 })).not.toEqual(chooseKills(run, { ...wanted, seed: 6 }));
});
