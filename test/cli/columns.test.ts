import { expect, test } from 'vitest';
import { columns } from '../../src/cli/columns.ts';
import { sized } from '../../src/events/words.ts';

test('cells are as wide as the widest of their column, sizes to the right', () => {
  const sizes = [7, 1537, 12 * 2 ** 20, 3.5 * 2 ** 30, 548 * 2 ** 20, 2 ** 41];
  const rows = sizes.map((size) => ['a'.repeat(size % 7), sized(size), 'end']);
  const lines = columns(rows).split('\n').slice(0, -1);
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  expect(lines.map((line) => line.slice(8))).toEqual([
    '    7 B  end',
    '1.5 KiB  end',
    ' 12 MiB  end',
    '3.5 GiB  end',
    '548 MiB  end',
    '2.0 TiB  end',
  ]);
});

test('a word that begins like a size is none', () => {
  expect(columns([['12 MiB of it'], ['x', '1']])).toBe('12 MiB of it\nx             1\n');
});
