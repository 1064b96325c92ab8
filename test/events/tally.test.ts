import { expect, test } from 'vitest';
import { count, emptyTally } from '../../src/events/tally.ts';
import { failure, onNode1 } from '../support/events.ts';

test('counts how steps ended, and warnings', () => {
  const tally = [
    { type: 'run-started', command: 'x', steps: [onNode1] } as const,
    { type: 'step-started', step: onNode1 } as const,
    { type: 'step-done', step: onNode1, changed: true } as const,
    { type: 'step-done', step: onNode1, changed: true } as const,
    { type: 'step-done', step: onNode1, changed: false } as const,
    { type: 'step-done', step: onNode1 } as const,
    { type: 'step-skipped', step: onNode1, why: 'not wanted' } as const,
    { type: 'step-failed', step: onNode1, error: failure } as const,
    { type: 'warning', message: 'careful' } as const,
  ].reduce(count, emptyTally);
  expect(tally).toEqual({ changed: 2, alreadySo: 1, skipped: 1, failed: 1, warnings: 1 });
});
