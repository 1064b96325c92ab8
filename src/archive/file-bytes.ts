import { foldersOf } from '../disc/disc-path.ts';
import type { Sum } from '../disc/sums.ts';
import type { Archive } from './archive.ts';
import { equalFiles } from './equal-files.ts';

/** Bytes of all files of an archive together, equal ones counted once, as `extractArchive` writes them. */
export async function fileBytesOf(archive: Archive, sums: readonly Sum[]): Promise<number> {
  const entries = await archive.list(foldersOf(sums.map(({ path }) => path)));
  const sizes = new Map(entries.map(({ path, size }) => [path, size]));
  return equalFiles(sums).reduce((sum, { paths: [path] }) => sum + (sizes.get(path) ?? 0), 0);
}
