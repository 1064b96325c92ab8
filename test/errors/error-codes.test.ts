import { expect, test } from 'vitest';
import { errorCodes } from '../../src/errors/error-codes.ts';

test('every exit status of the manual is led to by a code, and there is no other', () => {
  const statuses = new Set(Object.values(errorCodes).map(({ exit }) => exit));
  expect([...statuses]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 130]);
});

test('codes that lead to one exit status tell different things', () => {
  const meanings = Object.values(errorCodes).map(({ meaning }) => meaning);
  expect(new Set(meanings).size).toBe(meanings.length);
});
