import { expect, test } from 'vitest';
import { equalFiles } from '../../src/archive/equal-files.ts';
import { fileBytesOf } from '../../src/archive/file-bytes.ts';
import { discPaths } from '../../src/disc/paths.ts';

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
const sums = [
  { path: 'packages/el10/x.rpm', sha256: a },
  { path: 'packages/el8/y.rpm', sha256: b },
  { path: 'packages/el9/x.rpm', sha256: a },
  { path: discPaths.launcher, sha256: a },
];

test('files of one content are one, but for a program, which has another mode', () => {
  expect(equalFiles(sums)).toEqual([
    { sha256: a, mode: 0o444, paths: ['packages/el10/x.rpm', 'packages/el9/x.rpm'] },
    { sha256: b, mode: 0o444, paths: ['packages/el8/y.rpm'] },
    { sha256: a, mode: 0o555, paths: [discPaths.launcher] },
  ]);
});

test('the room that they take has each once', async () => {
  const archive = {
    path: '/data/disc',
    list: async () =>
      sums.map(({ path, sha256 }) => ({ path, type: 'file' as const, mode: 0o444, size: sha256 === a ? 7 : 100 })),
    stream: async () => {},
    close: async () => {},
  };
  expect(await fileBytesOf(archive, sums)).toBe(7 + 100 + 7);
});
