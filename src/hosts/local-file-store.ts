import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { draftPath } from './draft-path.ts';
import type { FileStore, FileToWrite } from './file-store.ts';
import { synchronise } from './synchronise.ts';

/** The files of this host. Throws a MetalK8sError that names the file which cannot be read or written. */
export const localFileStore: FileStore = {
  read: (path) => unlessMissing(path, readFile(path, 'utf8')),
  async stat(path) {
    const found = await unlessMissing(path, stat(path));
    return found && { mode: found.mode & 0o7777, uid: found.uid, gid: found.gid };
  },
  async writeAtomic(files) {
    const prepared: string[] = [];
    let current = '';
    try {
      for (const file of files) {
        current = file.path;
        await mkdir(dirname(file.path), { recursive: true, mode: 0o755 });
        prepared.push(draftPath(file.path));
        await prepare(file);
      }
      for (const { path } of files) {
        current = path;
        await rename(draftPath(path), path);
        await synchronise(dirname(path));
      }
    } catch (error) {
      // What keeps a file from being written may keep its draft from being removed; the next run replaces it.
      for (const path of prepared) await rm(path, { force: true }).catch(() => {});
      throw fileFailure(current, 'the file cannot be written', error);
    }
  },
};

/** The content reaches a file that already has its final mode and owner, and that was open to nobody but us before. */
async function prepare({ path, content, mode, uid, gid }: FileToWrite): Promise<void> {
  const handle = await createNew(draftPath(path));
  try {
    await handle.chown(uid, gid);
    await handle.chmod(mode);
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function createNew(path: string): Promise<FileHandle> {
  await rm(path, { force: true });
  return open(path, 'wx', 0o600);
}

/** Undefined for what is not there. */
export async function unlessMissing<Value>(path: string, pending: Promise<Value>): Promise<Value | undefined> {
  try {
    return await pending;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // The last is of a process that ends while its files below /proc are read.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ESRCH') return undefined;
    throw fileFailure(path, 'the file cannot be read', error);
  }
}

/** What the system says about a file, as an error that names it. */
export function fileFailure(where: string, message: string, cause: unknown): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', message, {
    where,
    hint: 'See to it that nothing else stands there, and that its file system can be written and has room, then run again.',
    cause,
  });
}
