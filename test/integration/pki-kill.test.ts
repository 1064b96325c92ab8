import { expect, test } from 'vitest';
import { killMakings, killRenewals } from '../support/pki/kill-trials.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

/** `npm run trials -- pki` does it hundreds of times. */
const KILLS = 10;

test(`a renewal that is killed leaves the old pair or the new one, ${KILLS} times`, async () => {
  const pairs = await inTemporaryDirectory((root) => killRenewals(root, KILLS));
  // There were renewals, so that there was something to interrupt.
  expect(pairs).toBeGreaterThan(KILLS / 2);
});

test(`the making of a pair that is killed leaves what the next run completes, ${KILLS} times`, async () => {
  const left = await inTemporaryDirectory((root) => killMakings(root, KILLS));
  expect(left.nothing).toBeGreaterThan(0);
});
