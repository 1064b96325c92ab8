import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundledModule } from '../disc/inventory/inventory.ts';
import { sha256Of } from '../disc/sha256-of.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';

/** File in `dist` that says what else is there. */
export const BUNDLE_DESCRIPTION = 'bundle.json';

/** What the bundled program is made of. */
export interface BundleDescription {
  /** Its programs, by their path in `dist`. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  /** npm packages that it has code of. */
  readonly modules: readonly BundledModule[];
}

export interface Bundle extends BundleDescription {
  /** The contents of `dist`: the programs and their description. */
  readonly contents: readonly { readonly path: string; readonly content: Uint8Array }[];
}

/** The bundled program of an installation. Throws a `STEP_FAILED` when there is none, or not as it was built. */
export async function readBundle(root: string): Promise<Bundle> {
  const directory = join(root, 'dist');
  const text = await readPart(directory, BUNDLE_DESCRIPTION);
  const description = JSON.parse(String(text)) as BundleDescription;
  const programs = await Promise.all(
    description.files.map(async ({ path, sha256 }) => {
      const content = await readPart(directory, path);
      if (sha256Of(content) !== sha256) throw unfit(join(directory, path));
      return { path, content };
    }),
  );
  return { ...description, contents: [...programs, { path: BUNDLE_DESCRIPTION, content: text }] };
}

async function readPart(directory: string, path: string): Promise<Uint8Array> {
  const file = join(directory, path);
  return readFile(file).catch((cause) => {
    throw unfit(file, cause);
  });
}

function unfit(where: string, cause?: unknown): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', 'The bundled program, which goes on the disc, is not as it was built', {
    where,
    hint: 'In a source tree, build it with: npm run build. Elsewhere, install metalk8s again.',
    ...(cause === undefined ? {} : { cause }),
  });
}
