import { expect, test } from 'vitest';
import { filterRuleset } from './link-faults.ts';

test('a fault is a table of its own with a chain on the forward hook', () => {
  expect(filterRuleset('fault_1', ['iifname "h11p0" drop', 'oifname "h11p0" drop'])).toBe(
    [
      'table bridge fault_1 {',
      '  chain forward {',
      '    type filter hook forward priority 0; policy accept;',
      '    iifname "h11p0" drop',
      '    oifname "h11p0" drop',
      '  }',
      '}',
      '',
    ].join('\n'),
  );
});
