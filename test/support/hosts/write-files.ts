import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A file to be, or (with `link`) a symbolic link. `mode` is 0o644 when not given. */
type FileContent = { readonly content: string; readonly mode?: number } | { readonly link: string };

/** Files by path, relative to some root. */
export type Files = Readonly<Record<string, FileContent>>;

/** Writes files under `root`, with the folders above them; modes do not depend on the umask. */
export async function writeFiles(root: string, files: Files): Promise<void> {
  for (const [path, file] of Object.entries(files)) {
    const target = join(root, path);
    await mkdir(dirname(target), { recursive: true });
    if ('link' in file) {
      await symlink(file.link, target);
      continue;
    }
    await writeFile(target, file.content);
    await chmod(target, file.mode ?? 0o644);
  }
}
