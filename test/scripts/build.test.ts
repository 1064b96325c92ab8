import { cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { bundle } from '../../scripts/build.ts';
import { commands } from '../../src/cli/commands.ts';
import { loadAll } from '../../src/cli/load-all.ts';
import { productVersion } from '../../src/cli/product-version.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const root = resolve(import.meta.dirname, '../..');
const files = await bundle();
const texts = new Map(files.map(({ path, text }) => [basename(path), text]));

test('the same sources give the same bytes', async () => {
  const again = await bundle();
  expect(again.map(({ path, hash }) => [path, hash])).toEqual(files.map(({ path, hash }) => [path, hash]));
});

test('the entry holds no command and no YAML: each is a chunk that is read when called', async () => {
  const entry = texts.get('metalk8s.js') ?? '';
  expect(entry.length).toBeLessThan(100_000);
  for (const name of Object.keys(await loadAll(commands)).map((words) => words.replaceAll(' ', '-')))
    expect(entry).toMatch(new RegExp(`import\\("\\./chunks/${name}-\\w+\\.js"\\)`));
  const withYaml = [...texts].filter(([name, text]) => name.endsWith('.js') && text.includes('YAMLParseError=class'));
  expect(withYaml).toHaveLength(1);
  expect(withYaml[0]?.[0]).not.toBe('metalk8s.js');
});

test('no path of the machine that built it, and of package.json the version alone', () => {
  for (const [name, text] of texts) {
    expect(text.includes(join(root, '/')), name).toBe(false);
    expect(text.includes('devDependencies'), name).toBe(false);
  }
});

test('runs where there is nothing but Node.js', { timeout: 60_000 }, async () => {
  await inTemporaryDirectory(async (directory) => {
    for (const { path, contents } of files) {
      const copy = join(directory, relative(root, path));
      await mkdir(dirname(copy), { recursive: true });
      await writeFile(copy, contents);
    }
    const bin = join(directory, 'bin/metalk8s.js');
    await cp(join(root, 'bin/metalk8s.js'), bin);
    const { stdout } = await execa(process.execPath, [bin, 'version', '-o', 'yaml']);
    expect(parse(stdout)).toMatchObject({ metalk8s: productVersion, node: process.versions.node });
    const { exitCode, stderr } = await execa(process.execPath, [bin, 'versoin'], { reject: false });
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Did you mean version?'),
    });
  });
});
