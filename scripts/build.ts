import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { build, type OutputFile, type Plugin } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const directory = join(root, 'dist');

/**
 * The bundled program, as files in memory: an entry that holds what every call needs, and a chunk for each command and heavy
 * library, read when called. The same sources give the same bytes, wherever they lie.
 */
export async function bundle(): Promise<OutputFile[]> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { metalk8s: 'src/cli/main.ts' },
    outdir: directory,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    minifyWhitespace: true,
    minifySyntax: true,
    keepNames: false,
    legalComments: 'none',
    sourcemap: 'linked',
    sourcesContent: false,
    plugins: [versionOnly, modularYaml],
    logLevel: 'warning',
  });
  return outputFiles;
}

/** Of package.json, only the version goes into the program. */
const versionOnly: Plugin = {
  name: 'version-only',
  setup({ onLoad }) {
    onLoad({ filter: /\/package\.json$/ }, async ({ path }) => {
      const { default: manifest } = await import(path, { with: { type: 'json' } });
      return { contents: JSON.stringify({ version: manifest.version }), loader: 'json' };
    });
  },
};

/** yaml gives Node.js its CommonJS form, which cannot be split; its modules are the same code. */
const modularYaml: Plugin = {
  name: 'modular-yaml',
  setup({ onResolve, resolve: find }) {
    onResolve({ filter: /^yaml$/ }, async ({ resolveDir, kind, pluginData }) => {
      if (pluginData === 'found') return undefined;
      const { path } = await find('yaml', { resolveDir, kind, pluginData: 'found' });
      return { path: join(dirname(path), '../browser/index.js') };
    });
  },
};

/** Writes new files first and the entry last, so that a program that starts meanwhile finds what it needs; then drops old ones. */
async function writeBundle(): Promise<void> {
  const files = await bundle();
  const entryLast = files.toSorted((left, right) => Number(isEntry(left)) - Number(isEntry(right)));
  for (const { path, contents } of entryLast) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.new`, contents);
    await rename(`${path}.new`, path);
  }
  const wanted = new Set(files.map(({ path }) => path));
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !wanted.has(path)) await rm(path, { force: true });
  }
  const bytes = files.reduce((sum, { contents }) => sum + contents.length, 0);
  process.stdout.write(`${relative(root, directory)}: ${files.length} files, ${Math.round(bytes / 1024)} KiB\n`);
}

function isEntry({ path }: OutputFile): boolean {
  return dirname(path) === directory;
}

if (import.meta.main) await writeBundle();
