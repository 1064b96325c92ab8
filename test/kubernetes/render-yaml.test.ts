import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderYaml } from '../../src/kubernetes/render-yaml.ts';

/** What sigs.k8s.io/yaml 1.6, which Kubernetes' tools write with, makes of the same texts. */
const TEXTS: readonly (readonly [string, string])[] = [
  ['0', '"0"'],
  ['1.5', '"1.5"'],
  ['1e3', '"1e3"'],
  ['0x1f', '"0x1f"'],
  ['010', '"010"'],
  ['1_000', '"1_000"'],
  ['.5', '".5"'],
  ['-1', '"-1"'],
  ['+1', '"+1"'],
  ['1:30', '"1:30"'],
  ['2024-01-01', '"2024-01-01"'],
  ['y', '"y"'],
  ['Yes', '"Yes"'],
  ['null', '"null"'],
  ['~', '"~"'],
  ['', '""'],
  ['a\tb', '"a\\tb"'],
  ['<<', '<<'],
  ['=', '='],
  ['10.0.0.1', '10.0.0.1'],
  ['10.0.0.1/12', '10.0.0.1/12'],
  ['100m', '100m'],
  ['200Mi', '200Mi'],
  ["it's", "it's"],
  ['say "x"', 'say "x"'],
  ['oidc:', "'oidc:'"],
  ['--x=oidc:', "'--x=oidc:'"],
  ['*,a', "'*,a'"],
  ['a: b', "'a: b'"],
  ['x #y', "'x #y'"],
  ['# c', "'# c'"],
  ['@x', "'@x'"],
  ['%y', "'%y'"],
  ['- z', "'- z'"],
  ['-', "'-'"],
  ['[::]', "'[::]'"],
  ['{a}', "'{a}'"],
  [' lead', "' lead'"],
  ['!t', "'!t'"],
  ['&a', "'&a'"],
];

it.each(TEXTS)('writes %j as %s', (text, written) => {
  expect(renderYaml({ key: text })).toBe(`key: ${written}\n`);
  expect(parse(renderYaml({ key: text }), { version: '1.1' })).toEqual({ key: text });
});

it('sorts keys at every depth, indents no list, folds no line, and leaves out what is undefined', () => {
  const long = 'word '.repeat(60).trim();
  expect(renderYaml({ z: [{ b: 1, a: long }], a: undefined, m: { v: {}, u: [] }, o: 'one\ntwo\n' })).toBe(
    `m:\n  u: []\n  v: {}\no: |\n  one\n  two\nz:\n- a: ${long}\n  b: 1\n`,
  );
});

it('writes the same object twice, not once with a reference to it', () => {
  const same = { one: 1 };
  expect(renderYaml({ a: same, b: same })).toBe('a:\n  one: 1\nb:\n  one: 1\n');
});

it('writes texts of several lines as blocks, wherever they are', () => {
  const text = 'one\n  two\n\nthree\n';
  expect(renderYaml({ a: { b: text }, l: [text, [text]] })).toBe(
    [
      'a:',
      '  b: |',
      '    one',
      '      two',
      '',
      '    three',
      'l:',
      '- |',
      '  one',
      '    two',
      '',
      '  three',
      '- - |',
      '    one',
      '      two',
      '',
      '    three',
      '',
    ].join('\n'),
  );
});

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'ab:/-=,#\'"{}[]&*!|>%@` \t\n0123456789.~?$()yn+_'), maxLength: 12 }),
  fc.constantFrom(
    '---',
    '...',
    '- a',
    '? a',
    'a:',
    ': a',
    'a #b',
    '#',
    '|',
    '>',
    '\n',
    '\n\n',
    ' \n',
    'a\n ',
    '\ta',
    'a\r\nb',
    '\u0085',
    '\u2028',
    '\ufeff',
  ),
);
const { content } = fc.letrec((tie) => ({
  content: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'content' },
    texts,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('content'), { maxLength: 4 }),
    fc.dictionary(texts, tie('content'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

it('is read again as what was written, by readers of YAML 1.1 and 1.2', () => {
  fc.assert(
    fc.property(content, (value) => {
      const text = renderYaml({ value });
      expect(parse(text)).toEqual({ value });
      expect(parse(text, { version: '1.1', merge: false })).toEqual({ value });
    }),
    { numRuns: 300 },
  );
});
