import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import rules from '../../.dependency-cruiser.mjs';

const ROOT = join(import.meta.dirname, '../..');

let page: string;
beforeAll(async () => {
  page = await readFile(join(ROOT, 'docs/architecture.md'), 'utf8');
});

/** Folders of src as the picture has them, and whether it marks them as pure. */
function pictured(): Map<string, boolean> {
  const picture = page.slice(page.indexOf('\nsrc/\n'), page.indexOf('\ntemplates/'));
  const lines = [...picture.matchAll(/^ {2}([a-z-]+)\/ +(P )?/gm)];
  return new Map(lines.map(([, name = '', mark]) => [name, mark !== undefined]));
}

/** The folders that a rule of dependency-cruiser lets others import. */
function allowedBy(ruleName: string): string[] {
  const rule = rules.forbidden?.find(({ name }) => name === ruleName);
  const pattern = rule !== undefined && 'to' in rule ? String(rule.to.pathNot) : '';
  const [, names = ''] = /\(\?:(.*)\)/.exec(pattern) ?? [];
  return names.split('|').sort();
}

test('the picture has every folder of src, once', async () => {
  const entries = await readdir(join(ROOT, 'src'), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect([...pictured().keys()].sort()).toEqual(folders.sort());
});

test('it marks those as pure that may take nothing of the world', () => {
  const marked = [...pictured()].flatMap(([name, pure]) => (pure ? [name] : []));
  expect(marked.sort()).toEqual(allowedBy('pure-imports-only-pure'));
});

test('the table of arrows is that of the rules', () => {
  const impure = [...pictured()].flatMap(([name, pure]) => (pure || name === 'cli' ? [] : [name]));
  const rows = new Map(
    [...page.matchAll(/^\| `([a-z-]+)` \| (.*) \|$/gm)].map(([, name = '', words = '']) => [name, words]),
  );
  const told = impure.map((name) => {
    const words = rows.get(name) ?? '';
    const named = [...words.matchAll(/`([a-z-]+)`/g)].map(([, folder = '']) => folder);
    return [
      name,
      [name, ...named, ...(words.endsWith('the shared three') ? ['errors', 'events', 'values'] : [])].sort(),
    ];
  });
  expect(told).toEqual(impure.map((name) => [name, allowedBy(`${name}-imports-only-its-own`)]));
});
