import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sized, sizedUp } from '../../src/events/words.ts';

test.each([
  [0, '0 B', '0 B'],
  [1023, '1023 B', '1023 B'],
  [1024, '1.0 KiB', '1.0 KiB'],
  [10.1 * 2 ** 30, '10 GiB', '11 GiB'],
  [10.9 * 2 ** 30, '10 GiB', '11 GiB'],
  [9.96 * 2 ** 20, '9.9 MiB', '10.0 MiB'],
  [2 ** 51, '2048 TiB', '2048 TiB'],
])('%i bytes are %s that are there, %s that are needed', (bytes, there, needed) => {
  expect([sized(bytes), sizedUp(bytes)]).toEqual([there, needed]);
});

test('what is there and what is needed are told by two numbers when they differ', () => {
  const bytes = fc.maxSafeNat();
  fc.assert(
    fc.property(bytes, bytes, (one, other) => {
      fc.pre(one !== other);
      expect(sized(Math.min(one, other))).not.toBe(sizedUp(Math.max(one, other)));
    }),
  );
});
