import { createHash } from 'node:crypto';
import { isBuiltin } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { BUNDLE_DESCRIPTION, type BundleDescription } from '../../src/product/bundle.ts';
import { bundledModules } from './bundled-modules.ts';
import { builtinModules, modularYaml, versionOnly, withoutNativeParts } from './plugins.ts';

/** A file of the bundle, by its path in `dist`. */
export interface BundleFile {
  readonly path: string;
  readonly contents: Uint8Array;
}

export interface BundleOptions {
  /** Folder with package.json, package-lock.json, node_modules and the sources. */
  readonly root?: string;
  /** The module that everything starts from, below that folder. */
  readonly entry?: string;
}

/**
 * The bundled program, as files in memory: an entry that holds what every call needs, a chunk for each command and heavy library, read
 * when called, and a description of it all. The same sources give the same bytes, wherever they lie. It loads nothing but itself and
 * modules of Node.js: no package, no native part. Throws when it would.
 */
export async function bundle(options: BundleOptions = {}): Promise<readonly BundleFile[]> {
  const { root = resolve(import.meta.dirname, '../..'), entry = 'src/cli/main.ts' } = options;
  const directory = join(root, 'dist');
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: { metalk8s: entry },
    outdir: directory,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    // What CommonJS modules call these, an ES module has as this.
    define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
    minifyWhitespace: true,
    minifySyntax: true,
    keepNames: false,
    legalComments: 'none',
    sourcemap: 'linked',
    sourcesContent: false,
    plugins: [withoutNativeParts, builtinModules, versionOnly, modularYaml],
    logLevel: 'warning',
  });
  refuseImports(metafile);
  const files = outputFiles.map(({ path, contents }) => ({ path: relative(directory, path), contents }));
  return [...files, await description(root, { files, metafile })];
}

/** What is loaded when the program runs comes from the disc or from Node.js: never from a folder that happens to be there. */
function refuseImports({ outputs }: Metafile): void {
  const imports = Object.values(outputs).flatMap((output) => output.imports);
  const foreign = imports.filter(({ path, external }) => external && !isBuiltin(path));
  if (foreign.length > 0) throw new Error(`the bundle would load ${foreign.map(({ path }) => path).join(', ')}`);
}

interface Built {
  readonly files: readonly BundleFile[];
  readonly metafile: Metafile;
}

async function description(root: string, { files, metafile }: Built): Promise<BundleFile> {
  const programs = files.filter(({ path }) => path.endsWith('.js'));
  const described: BundleDescription = {
    files: programs
      .map(({ path, contents }) => ({ path, sha256: createHash('sha256').update(contents).digest('hex') }))
      .toSorted((left, right) => (left.path < right.path ? -1 : 1)),
    modules: await bundledModules(root, metafile),
  };
  return { path: BUNDLE_DESCRIPTION, contents: Buffer.from(`${JSON.stringify(described, undefined, 1)}\n`) };
}
