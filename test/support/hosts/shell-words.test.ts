import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commandLine, quote } from './shell-words.ts';

test.each([
  { command: ['ls', '-l', '/etc/hosts'], line: 'ls -l /etc/hosts' },
  { command: ['echo', 'a b', ''], line: "echo 'a b' ''" },
  { command: ['echo', "it's"], line: `echo 'it'\\''s'` },
  { command: { script: 'a; b' }, line: "bash --norc -euo pipefail -c 'a; b'" },
] as const)('$line', ({ command, line }) => {
  expect(commandLine(command)).toBe(line);
});

test('every word reaches a program as it is', () => {
  const words = [
    '',
    ' ',
    '$HOME',
    '`id`',
    '"',
    "'",
    '\\',
    '*',
    '~',
    '#',
    'a\nb',
    '!',
    '{a,b}',
    'ü',
    '-n',
    '$(id)',
    ';&|<>()',
  ];
  const line = `printf '%s\\0' ${words.map(quote).join(' ')}`;
  expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' }).split('\0').slice(0, -1)).toEqual(words);
});
