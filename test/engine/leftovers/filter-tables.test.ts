import { expect, test } from 'vitest';
import { emptyNewTables, isEmptyTable } from '../../../src/engine/leftovers/filter-tables.ts';
import type { Possession } from '../../../src/engine/possessions.ts';
import { actingHost } from '../../support/engine/acting-host.ts';

test.each([
  [
    true,
    'table ip nat {\n\tchain PREROUTING {\n\t\ttype nat hook prerouting priority dstnat; policy accept;\n\t}\n}\n',
  ],
  [true, '# Warning: table ip filter is managed by iptables-nft, do not touch!\ntable ip filter {\n}\n'],
  [false, 'table ip filter {\n\tchain INPUT {\n\t\ttype filter hook input priority filter; policy drop;\n\t}\n}\n'],
  [false, 'table ip filter {\n\tchain INPUT {\n\t\ttcp dport 22 accept\n\t}\n}\n'],
  [false, 'table ip filter {\n\tset a {\n\t}\n}\n'],
])('a table is empty: %j', (expected, text) => {
  expect(isEmptyTable(text)).toBe(expected);
});

const LISTED = `table ip kube-proxy
table ip nat
table ip filter
table ip mangle
table ip6 nat
table inet filter
table inet firewalld
`;

test.each<[string, Possession[], string[]]>([
  ['none was there', [{ what: 'filter-tables-before', tables: [] }], ['ip nat', 'ip mangle', 'ip6 nat']],
  ['one was there', [{ what: 'filter-tables-before', tables: ['ip nat'] }], ['ip mangle', 'ip6 nat']],
  ['it is not known which were there', [{ what: 'user', name: 'salt' }], []],
])('tables that are empty and new: %s', async (_, possessions, expected) => {
  const run = (command: string) => {
    if (command === 'nft list tables') return LISTED;
    if (command === 'nft list table ip filter')
      return 'table ip filter {\n\tchain INPUT {\n\t\tip saddr 10.0.0.0/8 accept\n\t}\n}\n';
    return `${command.replace('nft list ', '')} {\n}\n`;
  };
  expect(await emptyNewTables(actingHost('/nowhere', { run }).context.host, possessions)).toEqual(expected);
});
