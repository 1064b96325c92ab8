import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type BundleFile, bundle } from '../../scripts/bundle/bundle.ts';
import { commands } from '../../src/cli/commands.ts';
import { loadAll } from '../../src/cli/load-all.ts';
import { productVersion } from '../../src/cli/product-version.ts';
import type { BundleDescription } from '../../src/product/bundle.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const root = resolve(import.meta.dirname, '../..');
const files = await bundle();
const texts = new Map(files.map(({ path, contents }) => [basename(path), String(Buffer.from(contents))]));
const description = descriptionOf(files);
const timeout = 60_000;

test('the same sources give the same bytes, in another folder too', { timeout }, async () => {
  await inTemporaryDirectory(async (directory) => {
    const packages = description.modules.map(({ name }) => `node_modules/${name}`);
    for (const path of ['src', 'package.json', 'package-lock.json', ...packages]) {
      await cp(join(root, path), join(directory, path), { recursive: true });
    }
    const again = await bundle({ root: directory });
    expect(again.map(({ path }) => path)).toEqual(files.map(({ path }) => path));
    for (const [index, { path, contents }] of again.entries()) {
      expect(Buffer.compare(contents, files[index]?.contents ?? contents), path).toBe(0);
    }
  });
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

test('the description names every program with its sum, and every npm package with its licence', async () => {
  expect(description.files.map(({ path }) => basename(path)).sort()).toEqual(
    [...texts.keys()].filter((name) => name.endsWith('.js')).sort(),
  );
  const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const names = description.modules.map(({ name }) => name);
  expect(names).toContain('yaml');
  expect(new Set(description.modules.map(({ name, version }) => `${name}@${version}`)).size).toBe(names.length);
  expect(names.filter((name) => name in dependencies).length).toBeGreaterThan(2);
  for (const { name, version, licence, integrity, licenceTexts } of description.modules) {
    expect([name, version], name).toEqual([expect.any(String), expect.stringMatching(/^\d+\.\d+\.\d+/)]);
    expect(licence, name).toMatch(/^[A-Za-z0-9.()+ -]+$/);
    expect(integrity, name).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
    expect(licenceTexts.join(''), name).toMatch(/copyright|permission|license/i);
  }
});

describe('runs where there is nothing but Node.js', { timeout }, () => {
  test('the program', async () => {
    await inTemporaryDirectory(async (directory) => {
      await writeBundle(directory, files);
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

  test('ssh2, a CommonJS package with native parts that stay behind, also when a host has packages of their names', async () => {
    const withSsh2 = await bundle({ entry: 'test/scripts/fixtures/with-ssh2.ts' });
    const names = descriptionOf(withSsh2).modules.map(({ name }) => name);
    expect(names).toEqual(['asn1', 'bcrypt-pbkdf', 'safer-buffer', 'ssh2', 'tweetnacl']);
    await inTemporaryDirectory(async (directory) => {
      await writeBundle(directory, withSsh2);
      await writeFile(join(directory, 'package.json'), '{"type":"module"}');
      const planted = join(directory, 'node_modules/cpu-features');
      await mkdir(planted, { recursive: true });
      await writeFile(join(planted, 'index.js'), 'process.stdout.write("planted\\n");');
      const { stdout } = await execa(process.execPath, [join(directory, 'dist/metalk8s.js')]);
      expect(stdout).toBe('ran true');
    });
  });
});

function descriptionOf(bundled: readonly BundleFile[]): BundleDescription {
  const found = bundled.find(({ path }) => path === 'bundle.json');
  return JSON.parse(String(Buffer.from(found?.contents ?? [])));
}

async function writeBundle(directory: string, bundled: readonly BundleFile[]): Promise<void> {
  for (const { path, contents } of bundled) {
    const copy = join(directory, 'dist', path);
    await mkdir(dirname(copy), { recursive: true });
    await writeFile(copy, contents);
  }
}
