import { expect, test } from 'vitest';
import { filterRuleset } from './link-faults.ts';

test('a fault is a table of its own, with a chain for each way', () => {
  expect(filterRuleset('fault_1', 'h11p0', { from: ['drop'], to: ['tcp dport 22 drop', 'drop'] })).toBe(
    [
      'table bridge fault_1 {',
      '  chain prerouting {',
      '    type filter hook prerouting priority 0; policy accept;',
      '    iifname "h11p0" drop',
      '  }',
      '  chain postrouting {',
      '    type filter hook postrouting priority 0; policy accept;',
      '    oifname "h11p0" tcp dport 22 drop',
      '    oifname "h11p0" drop',
      '  }',
      '}',
      '',
    ].join('\n'),
  );
});
