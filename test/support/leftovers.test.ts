import { expect, test } from 'vitest';
import { belongsTo, compare } from './leftovers.ts';

test('only what came is told', () => {
  const old = { kind: 'link', name: 'mk8s1p0' } as const;
  const lines = compare(
    [old],
    [old, { kind: 'process', name: '42 sleep 600' }, { kind: 'network namespace', name: 'mk8s2' }],
  );
  expect(lines).toEqual(['process 42 sleep 600', 'network namespace mk8s2']);
});

test.each([
  { slot: 1, name: 'mk8s1', belongs: true },
  { slot: 1, name: 'mk8s1p0', belongs: true },
  { slot: 1, name: 'mk8s-1-h11', belongs: true },
  { slot: 1, name: 'mk8s11', belongs: false },
  { slot: 1, name: 'mk8s-11-h1', belongs: false },
  { slot: 1, name: '1234 mk8s1', belongs: false },
])('$name belongs to network $slot: $belongs', ({ slot, name, belongs }) => {
  expect(belongsTo(slot, name)).toBe(belongs);
});
