import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRecord } from './protocol.ts';

const NOT_WRITTEN_BY_KUBEADM = ['/dev', '/opt', '/proc', '/run', '/sys', '/usr'];
const LARGEST_CONTENT = 256 * 1024;

/** Everything below a folder of a host's root, by path on the host. */
export async function scanTree(root: string, folder = '/'): Promise<Map<string, FileRecord>> {
  const found = new Map<string, FileRecord>();
  await scan(root, folder, found);
  return found;
}

/** What `after` has that `before` had not, or had otherwise. A folder is not changed by what is put into it. */
export function changes(before: ReadonlyMap<string, FileRecord>, after: ReadonlyMap<string, FileRecord>): FileRecord[] {
  return [...after.values()].filter((file) => {
    const old = before.get(file.path);
    if (old === undefined || old.mode !== file.mode || old.owner !== file.owner) return true;
    return file.type !== 'directory' && (old.content !== file.content || old.modifiedAt !== file.modifiedAt);
  });
}

async function scan(root: string, folder: string, found: Map<string, FileRecord>): Promise<void> {
  for (const name of (await readdir(join(root, folder))).sort()) {
    const path = join(folder, name);
    if (NOT_WRITTEN_BY_KUBEADM.includes(path)) continue;
    const file = await describe(join(root, path), path);
    found.set(path, file);
    if (file.type === 'directory') await scan(root, path, found);
  }
}

async function describe(real: string, path: string): Promise<FileRecord> {
  const info = await lstat(real);
  const mode = (info.mode & 0o7777).toString(8).padStart(4, '0');
  const common = { path, mode, owner: `${info.uid}:${info.gid}`, modifiedAt: info.mtimeMs };
  if (info.isDirectory()) return { ...common, type: 'directory' };
  if (info.isSymbolicLink()) return { ...common, type: 'link', content: await readlink(real) };
  const content = info.size > LARGEST_CONTENT ? undefined : await readFile(real, 'utf8');
  return { ...common, type: 'file', ...(content === undefined ? {} : { content }) };
}
