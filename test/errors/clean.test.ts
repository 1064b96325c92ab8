import { expect, test } from 'vitest';
import { clean } from '../../src/errors/clean.ts';
import { createSecrets } from '../../src/errors/secrets.ts';

const secrets = createSecrets();
const secret = secrets.mark('hunter22');
secrets.mark('bell\u0007secret');

test('every text in plain data is cleaned, everything else stays', () => {
  const at = new Date(0);
  expect(
    clean({ a: ['x hunter22', { b: 'c\u001b[2J' }], n: 1, t: true, u: undefined, z: null, secret, at }, secrets),
  ).toEqual({
    a: ['x [secret]', { b: 'c' }],
    n: 1,
    t: true,
    u: undefined,
    z: null,
    secret,
    at,
  });
});

test('a secret is found in spite of characters between its letters', () => {
  expect(clean('hunt\u001b[0mer22', secrets)).toBe('[secret]');
});

test('a secret with control characters is found', () => {
  expect(clean('bell\u0007secret', secrets)).toBe('[secret]');
});
