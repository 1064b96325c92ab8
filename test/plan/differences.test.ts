import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/plan/canonical-json.ts';
import { differenceLine, differences } from '../../src/plan/differences.ts';

const lines = (before: unknown, after: unknown) => differences(before, after).map(differenceLine);

test.each([
  [{ a: 1 }, { a: 1 }, []],
  [{ a: { b: 'x' } }, { a: { b: 'y' } }, ['a.b: "x" → "y"']],
  [{ a: 1 }, { b: 2 }, ['a: 1 → nothing', 'b: nothing → 2']],
  [{ cidr: ['a'] }, { cidr: ['a', 'b'] }, ['cidr: ["a"] → ["a","b"]']],
  [
    { list: [{ v: 1 }, { v: 2 }] },
    { list: [{ v: 1 }, { v: 3 }, { v: 4 }] },
    ['list[1].v: 2 → 3', 'list[2]: nothing → {"v":4}'],
  ],
  // Inputs of a run that could not be read.
  [null, { a: 1 }, ['all of it: null → {"a":1}']],
  [{ allowCgroupV1: true }, { allowCgroupV1: false }, ['allowCgroupV1: true → false']],
  [{ a: null }, { a: {} }, ['a: null → {}']],
  [{ 'a b': 1 }, { 'a b': 2 }, ['[a b]: 1 → 2']],
  [{ a: 'x'.repeat(200) }, { a: '' }, [`a: "${'x'.repeat(118)}… → ""`]],
])('%j and %j', (before, after, expected) => {
  expect(lines(before, after)).toEqual(expected);
});

test('there are none exactly where the canonical texts are equal', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
      expect(differences(left, structuredClone(left))).toEqual([]);
      expect(differences(left, right).length === 0).toBe(canonicalJson(left) === canonicalJson(right));
    }),
  );
});
