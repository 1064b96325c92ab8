import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiscFile } from '../../disc/disc-file.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';

/** A file of an installation: where it lies below the root of the installation, and its bytes. */
export interface ProductFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/** All files below a folder of an installation, by path. Throws a `STEP_FAILED` for a folder that is not there, and for links. */
export async function readTree(root: string, folder: string): Promise<readonly ProductFile[]> {
  const directory = join(root, folder);
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause) => {
    throw new MetalK8sError('STEP_FAILED', 'A part of metalk8s that goes on the disc cannot be read', {
      where: directory,
      hint: 'Install metalk8s again.',
      cause,
    });
  });
  const found = await Promise.all(entries.toSorted(byName).map((entry) => readEntry(root, folder, entry)));
  return found.flat();
}

async function readEntry(
  root: string,
  folder: string,
  entry: { name: string; isFile(): boolean; isDirectory(): boolean },
): Promise<readonly ProductFile[]> {
  const path = `${folder}/${entry.name}`;
  if (entry.isDirectory()) return readTree(root, path);
  if (entry.isFile()) return [{ path, content: await readFile(join(root, path)) }];
  throw new MetalK8sError('STEP_FAILED', 'Only files and folders can go on the disc', {
    where: join(root, path),
    hint: 'Replace it by a file, or take it away.',
  });
}

function byName(left: { name: string }, right: { name: string }): number {
  return left.name < right.name ? -1 : 1;
}

/** Puts files of an installation below a folder of the disc. `strip` is taken from the beginning of their paths. */
export function onDisc(
  folder: string,
  files: readonly ProductFile[],
  { strip = '' }: { readonly strip?: string } = {},
): readonly DiscFile[] {
  return files.map(({ path, content }) => ({ path: `${folder}/${path.slice(strip.length)}`, source: { content } }));
}
