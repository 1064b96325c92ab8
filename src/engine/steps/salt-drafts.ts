import { posix } from 'node:path';
import type { Host } from '../../hosts/host.ts';
import type { PlannedFile } from '../../plan/planned-file.ts';

/** Characters that Python's `tempfile` appends. */
const ENDING = /^[a-z0-9_]{8}$/;

/**
 * Removes what a run of Salt that was killed has left beside the files of a phase: Salt writes a file as `NAMExxxxxxxx` in the same folder
 * first. What has such a name by chance is left alone unless it holds the beginning of that very file, or all of it. `contentOf`: by SHA-256. Gives
 * whether there was any.
 */
export async function removeSaltDrafts(
  files: readonly Pick<PlannedFile, 'path' | 'sha256'>[],
  contentOf: (sha256: string) => Promise<string | undefined>,
  host: Host,
): Promise<boolean> {
  const planned = new Set(files.map(({ path }) => path));
  const folders = new Map<string, readonly string[]>();
  let removed = false;
  for (const { path, sha256 } of files) {
    const folder = posix.dirname(path);
    const names = folders.get(folder) ?? (await host.files.list(folder)) ?? [];
    folders.set(folder, names);
    const name = posix.basename(path);
    for (const other of names) {
      const draft = `${folder}/${other}`;
      if (!other.startsWith(name) || !ENDING.test(other.slice(name.length)) || planned.has(draft)) continue;
      const found = await host.files.look(draft);
      // What is longer is no beginning, and need not be read, however long it is.
      const content = await contentOf(sha256);
      if (found?.type !== 'file' || content === undefined || found.size > Buffer.byteLength(content)) continue;
      const begun = await host.files.read(draft);
      if (begun === undefined || !content.startsWith(begun)) continue;
      await host.files.remove(draft);
      removed = true;
    }
  }
  return removed;
}
