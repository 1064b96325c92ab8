import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldersOf, isDiscPath } from '../../src/disc/disc-path.ts';
import { parseSums, renderSums } from '../../src/disc/sums.ts';
import { isMetalK8sError } from '../../src/errors/metalk8s-error.ts';

const sum = (digit: string) => digit.repeat(64);

test('is what sha256sum writes, sorted by bytes', () => {
  const sums = ['cli/b', 'Z', 'cli.txt', 'a b', 'cli/a'].map((path) => ({ path, sha256: sum('0') }));
  expect(renderSums(sums)).toBe(
    ['Z', 'a b', 'cli.txt', 'cli/a', 'cli/b'].map((path) => `${sum('0')}  ${path}\n`).join(''),
  );
});

const name = fc.string({ unit: fc.constantFrom(...'abAB.-_ ~+'), minLength: 1, maxLength: 4 }).filter(isDiscPath);
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));

test('what is rendered is read', () => {
  fc.assert(
    fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 20 }), (paths) => {
      const folders = foldersOf(paths);
      const sums = paths.filter((one) => !folders.has(one)).map((one) => ({ path: one, sha256: sum('a') }));
      const text = renderSums(sums);
      expect(renderSums(parseSums(text, 'x'))).toBe(text);
      expect(parseSums(text, 'x')).toHaveLength(sums.length);
    }),
  );
});

const good = `${sum('1')}  a\n${sum('2')}  b/c\n${sum('3')}  d\n`;

test('a text with any character changed is refused, or says something else', () => {
  for (let position = 0; position < good.length; position++) {
    for (const by of ['', '0', 'f', 'F', ' ', '\n', '\r', '\0', '.', '/', '\\', 'é', '\u202e']) {
      const changed = `${good.slice(0, position)}${by}${good.slice(position + 1)}`;
      if (changed !== good) expect(readOrRefused(changed), JSON.stringify(changed)).not.toBe(good);
    }
  }
});

/** The same list in its one form. */
function readOrRefused(text: string): string | undefined {
  try {
    return renderSums(parseSums(text, 'x'));
  } catch (error) {
    if (isMetalK8sError(error) && error.code === 'VERIFICATION_FAILED') return undefined;
    throw error;
  }
}

test.each([
  ['nothing', '', 'SHA256SUMS', 'empty or cut off'],
  ['a cut last line', good.slice(0, -1), 'SHA256SUMS', 'empty or cut off'],
  ['an empty line', `${good}\n`, 'SHA256SUMS:4', '"" is no line of a list of sums'],
  ['carriage returns', good.replaceAll('\n', '\r\n'), 'SHA256SUMS:1', 'is no line'],
  ['capital digits', good.replace('1111', 'AAAA'), 'SHA256SUMS:1', 'is no line'],
  ['the mark of a binary file', good.replace('  b', ' *b'), 'SHA256SUMS:2', 'is no line'],
  ['an escaped name', `\\${good}`, 'SHA256SUMS:1', 'is no line'],
  ['a sum of another length', good.replace('1111', '111'), 'SHA256SUMS:1', 'is no line'],
  ['a way up', good.replace('b/c', 'b/../../c'), 'SHA256SUMS', '"b/../../c" is no path of a file on a disc'],
  ['a way nowhere', good.replace('b/c', 'b/./c'), 'SHA256SUMS', 'is no path'],
  ['a path from the root', good.replace('b/c', '/c'), 'SHA256SUMS', 'is no path'],
  ['a path of a folder', good.replace('b/c', 'b/'), 'SHA256SUMS', 'is no path'],
  ['an empty name', good.replace('b/c', 'b//c'), 'SHA256SUMS', 'is no path'],
  ['a backslash', good.replace('b/c', 'b\\c'), 'SHA256SUMS', 'is no path'],
  ['other letters', good.replace('b/c', 'b/ć'), 'SHA256SUMS', 'is no path'],
  ['a control character', good.replace('b/c', 'b/\u0007'), 'SHA256SUMS', 'is no path'],
  ['a long name', good.replace('b/c', 'b'.repeat(256)), 'SHA256SUMS', 'is no path'],
  ['itself', good.replace('  a', '  SHA256SUMS'), 'SHA256SUMS', '"SHA256SUMS" cannot have a sum in the list'],
  ['its signature', good.replace('  a', '  SHA256SUMS.asc'), 'SHA256SUMS', 'cannot have a sum'],
  ['a file twice', `${good}${sum('4')}  d\n`, 'SHA256SUMS', '"d" is there twice'],
  ['another order', good.replace('  a', '  c'), 'SHA256SUMS', '"b/c" stands after "c", out of order'],
  ['a file that is a folder', good.replace('  a', '  b'), 'SHA256SUMS', '"b" is a file and a folder'],
])('refuses %s', (_what, text, where, message) => {
  expect(() => parseSums(text, 'SHA256SUMS')).toThrow(expect.objectContaining({ code: 'VERIFICATION_FAILED', where }));
  expect(() => parseSums(text, 'SHA256SUMS')).toThrow(message);
});

test.each([
  ['a way up', [{ path: '../a', sha256: sum('1') }]],
  [
    'a file twice',
    [
      { path: 'a', sha256: sum('1') },
      { path: 'a', sha256: sum('2') },
    ],
  ],
  ['no sum', [{ path: 'a', sha256: 'x' }]],
])('renders none for %s', (_what, sums) => {
  expect(() => renderSums(sums)).toThrow(RangeError);
});

test('folders are told once each', () => {
  expect([...foldersOf(['a/b/c', 'a/b/d', 'e', 'f/g'])].sort()).toEqual(['a', 'a/b', 'f']);
});
