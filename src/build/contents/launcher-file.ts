import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiscFile } from '../../disc/disc-file.ts';
import { discPaths } from '../../disc/paths.ts';
import { productRoot } from '../../product/product-root.ts';

/** The script that checks runtime and command line, copies them to the host and starts them. */
export async function launcherFile(root = productRoot()): Promise<DiscFile> {
  const content = await readFile(join(root, 'iso/metalk8s'));
  return { path: discPaths.launcher, source: { content }, executable: true };
}
