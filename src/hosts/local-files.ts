import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import {
  type FileHandle,
  lchown,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { mountPointsOf } from '../kernel/mounts.ts';
import { draftPath } from './draft-path.ts';
import type { FileState, HostFiles } from './host.ts';
import { fileFailure, localFileStore, unlessMissing } from './local-file-store.ts';
import { runLocal } from './run-local.ts';
import { synchronise } from './synchronise.ts';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** The files of this machine. Throws a MetalK8sError that names the path which cannot be read, written or removed. */
export const localFiles: HostFiles = {
  ...localFileStore,
  look,
  sha256,
  list,
  readLink,
  writeLink,
  ensureDirectory,
  remove,
  owner,
};

async function look(path: string): Promise<FileState | undefined> {
  const found = await unlessMissing(path, lstat(path));
  if (found === undefined) return undefined;
  const type = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : found.isSymbolicLink() ? 'link' : 'other';
  return { type, mode: found.mode & 0o7777, uid: found.uid, gid: found.gid, size: found.size };
}

async function sha256(path: string): Promise<string | undefined> {
  if ((await look(path))?.type !== 'file') return undefined;
  // Another may have taken its place: no link is followed, no pipe is waited for.
  const handle = await unlessMissing(path, open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
  if (handle === undefined) return undefined;
  try {
    if (!(await handle.stat()).isFile()) return undefined;
    const hash = createHash('sha256');
    for await (const part of handle.createReadStream({ autoClose: false, highWaterMark: 1024 * 1024 }))
      hash.update(part);
    return hash.digest('hex');
  } catch (error) {
    throw fileFailure(path, 'the file cannot be read', error);
  } finally {
    await handle.close();
  }
}

async function list(path: string): Promise<readonly string[] | undefined> {
  return (await unlessMissing(path, readdir(path)))?.sort();
}

async function readLink(path: string): Promise<string | undefined> {
  return (await look(path))?.type === 'link' ? unlessMissing(path, readlink(path)) : undefined;
}

async function writeLink({ path, target, uid, gid }: Parameters<HostFiles['writeLink']>[0]): Promise<void> {
  const draft = draftPath(path);
  try {
    await rm(draft, { force: true });
    await symlink(target, draft);
    await lchown(draft, uid, gid);
    await rename(draft, path);
    await synchronise(dirname(path));
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw fileFailure(path, 'the link cannot be made', error);
  }
}

async function ensureDirectory({
  path,
  mode,
  uid,
  gid,
}: Parameters<HostFiles['ensureDirectory']>[0]): Promise<boolean> {
  try {
    const made = await make(path);
    const handle = await openDirectory(path);
    try {
      const found = await handle.stat();
      const protects = (found.mode & 0o7777) === mode && found.uid === uid && found.gid === gid;
      if (!protects) {
        await handle.chown(uid, gid);
        await handle.chmod(mode);
      }
      return made || !protects;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileFailure(path, 'the folder cannot be made', error);
  }
}

/** Nobody but us sees into a new folder before it has its final mode. */
async function make(path: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  try {
    await mkdir(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** A link is followed if it is ours, as where the host's owner has moved a folder to a larger disk; others could lead us anywhere. */
async function openDirectory(path: string): Promise<FileHandle> {
  const found = await lstat(path);
  const trusted = found.isSymbolicLink() && (found.uid === 0 || found.uid === process.getuid?.());
  return open(path, O_RDONLY | O_DIRECTORY | (trusted ? 0 : O_NOFOLLOW));
}

async function remove(path: string): Promise<boolean> {
  if ((await look(path)) === undefined) return false;
  const place = join(await realpath(dirname(path)), basename(path));
  const mounted = mountPointsOf(await readFile('/proc/self/mountinfo', 'utf8')).filter(
    (point) => point === place || point.startsWith(`${place}/`),
  );
  if (mounted.length > 0) {
    throw new MetalK8sError('STEP_FAILED', `It cannot be removed while this is mounted: ${mounted.join(', ')}`, {
      where: path,
      hint: 'Unmount it, or end what uses it, then run again.',
    });
  }
  // Safe against folders that become links meanwhile, which Node's own removal is not.
  const { exitCode, stderr } = await runLocal(['rm', '--recursive', '--force', '--one-file-system', '--', place]);
  if (exitCode !== 0) throw fileFailure(path, 'it cannot be removed', new Error(stderr.trim()));
  return true;
}

async function owner(user: string, group: string): Promise<{ readonly uid: number; readonly gid: number }> {
  return { uid: await idOf('passwd', 'user', user), gid: await idOf('group', 'group', group) };
}

/** Of whatever knows users on this machine, such as a directory service. */
async function idOf(database: string, what: string, name: string): Promise<number> {
  const { stdout } = await runLocal(['getent', database, '--', name]);
  const [found, , id = ''] = stdout.split(':');
  if (found === name && /^\d+$/.test(id)) return Number(id);
  throw new MetalK8sError('STEP_FAILED', `This host has no ${what} ${name}`, {
    where: `getent ${database} ${name}`,
    hint: `Make the ${what}, or mend what the host asks for its users, then run again.`,
  });
}
