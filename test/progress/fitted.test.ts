import { expect, test } from 'vitest';
import { fitted } from '../../src/progress/fitted.ts';

test.each([
  ['short', 80, 'short'],
  ['one\ntwo\t three', 80, 'one two three'],
  ['0123456789abcdefghij', 26, '0123456789abcdefghij'],
  ['0123456789abcdefghijk', 26, '0123456789abcdefg...'],
  ['0123456789abc', 3, '0123456...'],
])('%j in %i columns', (text, columns, expected) => {
  expect(fitted(text, columns)).toBe(expected);
});
