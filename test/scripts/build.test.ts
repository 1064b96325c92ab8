import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { bundle } from '../../scripts/build.ts';
import { commands } from '../../src/cli/commands.ts';

const files = await bundle();
const texts = new Map(files.map(({ path, text }) => [basename(path), text]));

test('the same sources give the same bytes', async () => {
  const again = await bundle();
  expect(again.map(({ path, hash }) => [path, hash])).toEqual(files.map(({ path, hash }) => [path, hash]));
});

test('the entry holds no command, no live list and no YAML: each is a chunk that is read when called', () => {
  const entry = texts.get('metalk8s.js') ?? '';
  expect(entry.length).toBeLessThan(100_000);
  expect(entry).not.toContain('listr');
  for (const name of Object.keys(commands))
    expect(entry).toMatch(new RegExp(`import\\("\\./chunks/${name}-\\w+\\.js"\\)`));
});

test('no path of the machine that built it, and of package.json the version alone', () => {
  const root = dirname(dirname(import.meta.dirname));
  for (const [name, text] of texts) {
    expect(text.includes(join(root, '/')), name).toBe(false);
    expect(text.includes('devDependencies'), name).toBe(false);
  }
});
