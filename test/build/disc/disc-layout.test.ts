import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { discLayout, discSums } from '../../../src/build/disc/disc-layout.ts';
import { pathList, weightList } from '../../../src/build/disc/path-list.ts';
import type { DiscFile } from '../../../src/disc/disc-file.ts';

const file = (path: string, text = path): DiscFile => ({ path, source: { content: Buffer.from(text) } });

test('equal contents stand once, whether they come from values, one file or several', () => {
  const sha256 = createHash('sha256').update('same').digest('hex');
  const stored = (path: string): DiscFile => ({ path, source: { file: `/cache/${path}`, sha256, size: 4 } });
  const { contents, entries } = discLayout([
    file('docs/c', 'same'),
    stored('docs/a'),
    file('docs/b'),
    stored('docs/d'),
  ]);
  expect(contents.map(({ size }) => size)).toEqual([4, 6]);
  expect(entries.map(({ path, content }) => [path, content])).toEqual([
    ['docs/a', 0],
    ['docs/b', 1],
    ['docs/c', 0],
    ['docs/d', 0],
  ]);
});

test('the layout does not depend on the order of the files', () => {
  const texts = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(texts, fc.nat(), (names, turn) => {
      const files = names.map((name) => file(`docs/${name}`, name.slice(0, 2)));
      const turned = [...files.slice(turn % files.length), ...files.slice(0, turn % files.length)];
      const known = ({ contents, entries }: ReturnType<typeof discLayout>) => [
        contents.map(({ sha256 }) => sha256),
        entries,
      ];
      expect(known(discLayout(turned))).toEqual(known(discLayout(files)));
      expect(discSums(turned)).toBe(discSums(files));
    }),
  );
});

test('an empty file has no content to stand anywhere', () => {
  const { contents, entries } = discLayout([file('docs/empty', '')]);
  expect(contents).toEqual([]);
  expect(entries[0]).not.toHaveProperty('content');
});

test.each([
  ['a way out', ['../x']],
  ['an absolute path', ['/etc/passwd']],
  ['nothing', ['']],
  ['an empty name', ['a//b']],
  ['a control character', ['a\nb']],
  ['a backslash', ['a\\b']],
  ['a name that is too long', ['x'.repeat(256)]],
  ['a path that is there twice', ['a', 'b', 'a']],
  ['a path that is a file and a folder', ['a', 'a/b']],
  ['the list of sums itself', ['SHA256SUMS']],
])('%s is refused', (_, paths) => {
  expect(() => discSums(paths.map((path) => file(path)))).toThrow(expect.objectContaining({ code: 'RELEASE_INVALID' }));
});

test('what would be refused when the disc is verified is a defect already here', () => {
  expect(() => discLayout([{ ...file('docs/a'), executable: true }])).toThrow('is executable, and has to be otherwise');
  expect(() => discLayout([file('metalk8s')])).toThrow('is not executable');
  const lie = { file: '/a', sha256: createHash('sha256').update('a').digest('hex') };
  const files = [1, 2].map((size) => ({ path: `docs/${size}`, source: { ...lie, size } }));
  expect(() => discLayout(files)).toThrow('one SHA-256 and not one size');
});

test('xorriso is told every path with what it takes for its own signs escaped', () => {
  const { contents, entries } = discLayout([file('docs/a=b'), file('docs/-c d'), file('docs/e', '')]);
  expect(pathList(entries, ({ content }) => `${content ?? 'empty'}`)).toBe(
    ['/docs/-c d=0', '/docs/a\\=b=1', '/docs/e=empty', ''].join('\n'),
  );
  expect(weightList(entries, contents.length)).toBe(['2 /docs/-c d', '1 /docs/a=b', '0 /docs/e', ''].join('\n'));
  expect(pathList([{ path: 'a\\', executable: false, sha256: '' }], () => 'x')).toBe('/a\\\\=x\n');
});
