import { describe, expect, test } from 'vitest';
import { fill } from '../../src/templates/fill.ts';

const filled = (text: string, values: Record<string, string>) => fill({ name: 'some.conf', text }, values);

describe('fill', () => {
  const cases: readonly [string, string, Record<string, string>, string][] = [
    ['a hole in a line', 'listen {{port}};\n', { port: '5000' }, 'listen 5000;\n'],
    ['two holes in a line', '{{a}}{{b}} {{a}}\n', { a: '1', b: '2' }, '12 1\n'],
    ['a hole alone on its line', '  {{rows}}\nend\n', { rows: 'one\ntwo' }, '  one\n  two\nend\n'],
    ['empty lines of a value stay empty', '  {{rows}}\n', { rows: 'one\n\ntwo' }, '  one\n\n  two\n'],
    ['a line goes with its empty value', 'a\n  {{rows}}\nb\n', { rows: '' }, 'a\nb\n'],
    ['several lines within a line are not indented', '  x {{rows}}\n', { rows: 'one\ntwo' }, '  x one\ntwo\n'],
    ['a value with a hole in it', '{{a}}\n', { a: '{{b}}' }, '{{b}}\n'],
    ['a value with patterns of replace', 'x {{a}}\n', { a: "$& $1 $$ $'" }, "x $& $1 $$ $'\n"],
    ['single braces', 'server { {{a}} }\n[0-9]{64}\n', { a: 'x' }, 'server { x }\n[0-9]{64}\n'],
    ['no hole', 'text', {}, 'text'],
    ['a last line without its end', '{{a}}', { a: 'x' }, 'x'],
  ];
  test.each(cases)('%s', (_, text, values, expected) => {
    expect(filled(text, values)).toBe(expected);
  });

  const refused: readonly [string, string, Record<string, string>, string][] = [
    ['a hole without a value', 'a\n{{port}}\n', {}, 'line 2: the hole port has no value'],
    ['a hole named like a property of all objects', '{{toString}}\n', {}, 'the hole toString has no value'],
    ['a value without a hole', 'a\n', { port: '1', address: '2' }, 'no hole takes the value port, address'],
    ['a misspelt hole', 'a\nb {{ port }}\n', { port: '1' }, 'line 2 has braces that are no hole'],
    ['braces that close nothing', 'a }}\n', {}, 'line 1 has braces that are no hole'],
    ['braces around a hole', '{{{{a}}}}\n', { a: '1' }, 'line 1 has braces that are no hole'],
  ];
  test.each(refused)('%s is an error', (_, text, values, message) => {
    expect(() => filled(text, values)).toThrow(message);
    expect(() => filled(text, values)).toThrow(expect.objectContaining({ code: 'INTERNAL', where: 'some.conf' }));
  });
});
