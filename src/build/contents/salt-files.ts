import type { DiscFile } from '../../disc/disc-file.ts';
import { discPaths } from '../../disc/paths.ts';
import { productRoot } from '../../product/product-root.ts';
import { onDisc, readTree } from './tree.ts';

/** The formulas of templates/salt, as they are. */
export async function saltFiles(root = productRoot()): Promise<readonly DiscFile[]> {
  return onDisc(discPaths.salt, await readTree(root, FORMULAS), { strip: `${FORMULAS}/` });
}

const FORMULAS = 'templates/salt';
