import { draftPath } from '../../hosts/draft-path.ts';
import type { Host } from '../../hosts/host.ts';
import type { PlannedFile } from '../../plan/planned-file.ts';
import type { PlacedPath } from '../../salt/placed-file.ts';
import type { StepContext } from '../step-handler.ts';
import { noteFiles } from './note-files.ts';
import { notePaths } from './note-paths.ts';

/**
 * Places files that differ from what is planned, each whole; `contentOf` is asked for those alone. Gives whether any did. A link that stands
 * in a file's place is replaced, not followed.
 */
export async function placeFilesThatDiffer<File extends PlannedFile>(
  files: readonly File[],
  contentOf: (file: File) => Promise<string>,
  context: Pick<StepContext, 'host' | 'possessions'>,
): Promise<boolean> {
  const { host } = context;
  const written = [];
  for (const file of files) {
    const protection = await protectionOf(file, host);
    if (await isAsPlanned(file, protection, host)) continue;
    written.push({ path: file.path, sha256: file.sha256, content: await contentOf(file), ...protection });
  }
  if (written.length === 0) return false;
  await noteFiles(written, context);
  // A kill leaves drafts: a reset takes them away as well.
  await notePaths(
    written.map(({ path }) => draftPath(path)),
    context,
  );
  await host.files.writeAtomic(written);
  await noteFiles(written, context);
  return true;
}

/** Mode and owner of a planned path in numbers. */
export async function protectionOf({ user, group, mode }: PlacedPath, host: Host) {
  // Every host knows root, and most of what is placed is root's.
  const owner = user === 'root' && group === 'root' ? { uid: 0, gid: 0 } : await host.files.owner(user, group);
  return { mode: Number.parseInt(mode, 8), ...owner };
}

async function isAsPlanned(
  { path, sha256 }: PlannedFile,
  { mode, uid, gid }: { readonly mode: number; readonly uid: number; readonly gid: number },
  { files }: Host,
): Promise<boolean> {
  const found = await files.look(path);
  if (found?.type !== 'file' || found.mode !== mode || found.uid !== uid || found.gid !== gid) return false;
  return (await files.sha256(path)) === sha256;
}
