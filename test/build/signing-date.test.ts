import { expect, test } from 'vitest';
import type { SecretKey } from '../../src/build/gpg-keys.ts';
import { signingDate } from '../../src/build/signing-date.ts';

const RELEASE = 1_700_000_000;

function key(created: number): SecretKey {
  const what = { fingerprint: 'A'.repeat(40), algorithm: 1, bits: 3072, created };
  return { ...what, revoked: false, invalid: false, signs: true, present: true };
}

test.each([
  ['everything of the key is older than the release', { primary: -9, subkey: -8, vouched: -7 }, 0],
  ['the key is younger', { primary: 5, subkey: -8, vouched: 5 }, 5],
  ['it got a subkey later', { primary: 5, subkey: 6, vouched: 5 }, 6],
  ['it vouched anew for itself later, as when its end was moved', { primary: 5, subkey: 6, vouched: 7 }, 7],
])('%s: seconds after the release', (_, { primary, subkey, vouched }, expected) => {
  const found = {
    block: { primary: key(RELEASE + primary), subkeys: [key(RELEASE + subkey)], name: 'me' },
    vouched: [{ over: 'me', created: RELEASE + vouched, hash: 8 }],
  };
  expect(signingDate(found, RELEASE) - RELEASE).toBe(expected);
});
