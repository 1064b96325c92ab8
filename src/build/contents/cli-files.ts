import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiscFile } from '../../disc/disc-file.ts';
import { discPaths } from '../../disc/paths.ts';
import { readBundle } from '../../product/bundle.ts';
import { productRoot } from '../../product/product-root.ts';
import { userDocuments } from './document-files.ts';
import { onDisc, type ProductFile, readTree } from './tree.ts';

/**
 * The command line, as it is run on a host: the bundled program that runs now, and everything that it reads, so that it can make a disc
 * in its turn. Throws a `STEP_FAILED` when a part is missing or not as it was built.
 */
export async function cliFiles(root = productRoot()): Promise<readonly DiscFile[]> {
  const [entry, manifest, bundle, documents, ...trees] = await Promise.all([
    readFile(join(root, ENTRY)),
    packageManifest(root),
    readBundle(root),
    userDocuments(root),
    ...TREES.map((tree) => readTree(root, tree)),
  ]);
  return onDisc(discPaths.cli, [
    { path: ENTRY, content: entry },
    { path: 'package.json', content: manifest },
    ...bundle.contents.map(({ path, content }) => ({ path: `dist/${path}`, content })),
    ...documents,
    ...trees.flat(),
  ]);
}

const ENTRY = 'bin/metalk8s.js';
const TREES = ['templates', 'schema', 'iso'];

/** What Node.js and the launcher ask it for: that programs are ES modules, and the version. */
async function packageManifest(root: string): Promise<ProductFile['content']> {
  const { name, version, license, type } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  return Buffer.from(`${JSON.stringify({ name, version, license, type }, undefined, 2)}\n`);
}
