import { expect, test } from 'vitest';
import { haveMade } from '../../src/engine/run-record.ts';

const runs = (...commands: readonly string[]) => commands.map((command) => ({ command }));

test('a host on which only resets were begun has nothing of ours but their own traces', () => {
  expect(haveMade(runs())).toBe(false);
  expect(haveMade(runs('reset', 'reset'))).toBe(false);
  expect(haveMade(runs('bootstrap'))).toBe(true);
  expect(haveMade(runs('bootstrap', 'reset'))).toBe(true);
});
