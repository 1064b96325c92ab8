import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable } from '../../src/errors/printable.ts';

test.each([
  ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
  ['cursor movements', 'a\u001b[2A\u001b[2Kb', 'ab'],
  ['a window title', '\u001b]0;owned\u0007x', 'x'],
  ['a link', '\u001b]8;;http://evil\u001b\\text\u001b]8;;\u001b\\', 'text'],
  ['a device string', '\u001bPq#0\u001b\\x', 'x'],
  ['the one-byte forms', 'a\u009b31mb\u009d0;t\u009cc', 'abc'],
  ['an escape alone', 'a\u001bc', 'a\\x1bc'],
  ['a sequence without an end', '\u001b]0;never ends', '\\x1b]0;never ends'],
  ['parts that would join', '\u001b\u001b[0m[31mred', '\\x1b[31mred'],
  ['bell, backspace, null', 'a\u0007\b\0', 'a\\x07\\x08\\x00'],
  ['a return that overwrites', 'evil\rgood', 'evil\\x0dgood'],
  ['line ends of other systems', 'a\r\nb', 'a\nb'],
  ['newlines and tabs', 'a\n\tb', 'a\n\tb'],
  ['text turned around', 'a\u202etxt.exe', 'a\\u202etxt.exe'],
  ['a broken character', 'a\ud800b', 'a\ufffdb'],
  ['letters of all kinds', 'Zürich 東京 👩‍🚀', 'Zürich 東京 👩‍🚀'],
])('%s', (_title, text, expected) => {
  expect(printable(text)).toBe(expected);
});

const hostile = fc.string({
  unit: fc.constantFrom('\u001b', '[', ']', '0', ';', 'm', '\u0007', '\\', '\u009b', 'P', 'a'),
});

test('nothing that a terminal acts upon is left, whatever the text', () => {
  fc.assert(
    fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), (text) => {
      const shown = printable(text);
      expect(shown).not.toMatch(/[^\P{Cc}\n\t]/u);
      expect(printable(shown)).toBe(shown);
    }),
  );
});

test('a long hostile text takes no long time', () => {
  const started = performance.now();
  printable('\u001b]'.repeat(200_000) + '\u001b['.repeat(200_000) + '0'.repeat(200_000));
  expect(performance.now() - started).toBeLessThan(2_000);
});
