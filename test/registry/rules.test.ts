import { expect, test } from 'vitest';
import { shown } from '../../src/registry/rules.ts';

test.each([
  ['a text', 'x', '"x"'],
  ['nothing', undefined, 'undefined'],
  ['a long text', 'x'.repeat(200), `"${'x'.repeat(96)}…`],
  [
    'lists within lists, deeper than can be written',
    JSON.parse('['.repeat(1e5) + ']'.repeat(1e5)),
    'data that is nested too deep',
  ],
])('%s is shown', (_, value, expected) => {
  expect(shown(value)).toBe(expected);
});
