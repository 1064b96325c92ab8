import { describe, expect, test } from 'vitest';
import { block, directive, quoted, quotedValue, word } from '../../src/registry/nginx-text.ts';

describe('quoted', () => {
  test.each([
    ['plain', '"plain"'],
    ['', '""'],
    ['two words', '"two words"'],
    ['a"; return 200 "b', String.raw`"a\"; return 200 \"b"`],
    ["it's", `"it's"`],
    ['back\\slash', String.raw`"back\\slash"`],
    ['\\"', String.raw`"\\\""`],
    ['\\n', String.raw`"\\n"`],
    ['} server { #', '"} server { #"'],
    ['${uri} $uri', '"${uri} $uri"'],
    ['^[0-9]{64}\\z', String.raw`"^[0-9]{64}\\z"`],
    ['Zürich', '"Zürich"'],
  ])('%j', (text, expected) => {
    expect(quoted(text)).toBe(expected);
  });

  test.each(['\n', 'a\u0000b', '\r', '\t', '\u007f', '\u001b[2J'])('%j is refused', (text) => {
    expect(() => quoted(text)).toThrow('a control character');
  });

  test('what nginx cannot read as one word is refused', () => {
    expect(quoted('x'.repeat(3998))).toHaveLength(4000);
    expect(() => quoted('x'.repeat(3999))).toThrow('longer than nginx reads');
    expect(() => quoted('"'.repeat(2000))).toThrow('longer than nginx reads');
    expect(() => quoted('ü'.repeat(2000))).toThrow('longer than nginx reads');
    expect(() => quoted('\udc00')).toThrow('it is no text');
  });
});

describe('where nginx replaces variables', () => {
  test('a dollar sign is refused', () => {
    expect(quotedValue('/srv/metalk8s')).toBe('"/srv/metalk8s"');
    expect(() => quotedValue('/srv/$uri')).toThrow('a dollar sign');
  });

  test.each(['a b', 'a;', '{', '"', '', '#', "'", 'a\nb'])('%j is no bare word', (text) => {
    expect(() => word(text)).toThrow('it needs quotes');
  });
});

test('a block is indented, blocks within it again', () => {
  const inner = block([word('types')], [directive(quoted('a/b'), word('c'))]);
  expect(block([word('location'), quoted('/x')], [directive(word('internal')), inner])).toBe(
    'location "/x" {\n    internal;\n    types {\n        "a/b" c;\n    }\n}',
  );
});
