import { readFile } from 'node:fs/promises';
import type { DiscFile } from '../../disc/disc-file.ts';
import { discPaths } from '../../disc/paths.ts';
import { productRoot } from '../../product/product-root.ts';
import { findRuntime } from '../../product/runtime.ts';
import { contentOf } from '../files/file-cache.ts';

/** Node.js as it goes on the disc. */
export interface RuntimeFiles {
  /** Without `v`: `24.21.0`. */
  readonly version: string;
  readonly files: readonly DiscFile[];
}

/** Node.js and its licence. Throws a `STEP_FAILED` when there is none. */
export async function runtimeFiles(root = productRoot()): Promise<RuntimeFiles> {
  const { node, licence, version } = await findRuntime(root);
  return {
    version,
    files: [
      { path: discPaths.node, source: { file: node, ...(await contentOf(node)) }, executable: true },
      { path: `${discPaths.runtime}/LICENSE`, source: { content: await readFile(licence) } },
    ],
  };
}
