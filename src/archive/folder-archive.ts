import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, statfs } from 'node:fs/promises';
import { isDiscName } from '../disc/disc-path.ts';
import type { TreeEntry } from '../disc/tree-faults.ts';
import type { Archive } from './archive.ts';
import { inputError } from './input-error.ts';
import { ReadFailure, readParts } from './read-parts.ts';
import { unreadable } from './refusal.ts';

/** A mounted ISO, or a folder with the same content. */
export interface FolderArchive extends Archive {
  readonly kind: 'folder';
  /** Permissions of the folder itself. */
  readonly mode: number;
}

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;
/** `f_type` of a mounted ISO (statfs(2)). */
const ISO9660 = 0x9660;

/**
 * An archive from an open folder, which it closes in the end. Every name is looked up in the open folder that holds it and no link is
 * followed, so that nobody can lead us elsewhere by moving folders meanwhile. What is changed in place while it is read cannot be seen.
 */
export async function folderArchive(path: string, root: FileHandle): Promise<FolderArchive> {
  const folders = new Map<string, Promise<FileHandle>>([['', Promise.resolve(root)]]);
  // A mounted ISO is never written to, and counts as names of one file what was stored once.
  const countsNames = (await statfs(inside(root))).type !== ISO9660;

  function folder(name: string): Promise<FileHandle> {
    const known = folders.get(name);
    if (known !== undefined) return known;
    const opened = openIn(name, O_DIRECTORY);
    folders.set(name, opened);
    return opened;
  }

  async function openIn(name: string, flags: number): Promise<FileHandle> {
    const parent = await folder(name.slice(0, Math.max(0, name.lastIndexOf('/'))));
    const last = name.slice(name.lastIndexOf('/') + 1);
    if (!isDiscName(last)) throw unreadable(path, name, 'no path of an archive');
    return open(inside(parent, last), O_RDONLY | O_NOFOLLOW | flags);
  }

  async function entriesOf(name: string, wanted: ReadonlySet<string> | undefined): Promise<FoundEntry[]> {
    const handle = await folder(name);
    const names = (await readdir(inside(handle), { encoding: 'buffer' })).sort(Buffer.compare);
    const entries: FoundEntry[] = [];
    for (const bytes of names) {
      const child = bytes.toString('latin1');
      const full = name === '' ? child : `${name}/${child}`;
      if (!isDiscName(child)) {
        entries.push({ path: name === '' ? bytes.toString() : `${name}/${bytes}`, type: 'file', mode: 0, size: 0 });
        continue;
      }
      const entry = entryOf(full, await lstat(inside(handle, child), { bigint: true }), countsNames);
      entries.push(entry);
      if (entry.type === 'folder' && (wanted?.has(full) ?? true)) entries.push(...(await entriesOf(full, wanted)));
    }
    return entries;
  }

  async function stream(name: string, consume: (part: Uint8Array) => void | Promise<void>): Promise<void> {
    const file = await named(path, name, () => openIn(name, O_NONBLOCK));
    try {
      const found = await file.stat();
      const { size } = found;
      if (!found.isFile()) throw unreadable(path, name, 'no file');
      const done = await readParts(file, [{ offset: 0, length: size }], consume);
      const { bytesRead } = await file.read(Buffer.alloc(1), 0, 1, done);
      if (done !== size || bytesRead !== 0) throw unreadable(path, name, 'it was changed while it was read');
    } catch (error) {
      throw error instanceof ReadFailure ? unreadable(path, name, 'reading it fails', error.cause) : error;
    } finally {
      await file.close();
    }
  }

  return {
    kind: 'folder',
    path,
    mode: (await root.stat()).mode & 0o7777,
    list: async (wanted) => withNamesElsewhere(await named(path, '', () => entriesOf('', wanted))),
    stream,
    async close() {
      const opened = await Promise.allSettled(folders.values());
      for (const each of opened) if (each.status === 'fulfilled') await each.value.close();
    },
  };
}

/** A name in an open folder, whatever the folder is called now: what openat(2) does. */
function inside({ fd }: FileHandle, name = ''): string {
  return `/proc/self/fd/${fd}/${name}`;
}

interface FoundEntry extends TreeEntry {
  /** Of a file whose names are counted: what it is, and how many it has on its file system. */
  readonly inode?: { readonly id: string; readonly names: number };
}

function entryOf(path: string, stats: BigIntStats, countsNames: boolean): FoundEntry {
  const type = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'special';
  const inode = { id: `${stats.dev}:${stats.ino}`, names: Number(stats.nlink) };
  return {
    path,
    type,
    mode: Number(stats.mode) & 0o7777,
    size: Number(stats.size),
    ...(type === 'file' && countsNames && { inode }),
  };
}

/** Names within the tree are those of equal files; by any other, somebody could change the file. */
function withNamesElsewhere(entries: readonly FoundEntry[]): TreeEntry[] {
  const here = new Map<string, number>();
  for (const { inode } of entries) if (inode !== undefined) here.set(inode.id, (here.get(inode.id) ?? 0) + 1);
  return entries.map(({ inode, ...entry }) => {
    const elsewhere = inode === undefined ? 0 : inode.names - (here.get(inode.id) ?? 0);
    return elsewhere > 0 ? { ...entry, namesElsewhere: elsewhere } : entry;
  });
}

/** What the system says about a file, as a refusal that names it. */
async function named<Value>(where: string, path: string, act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    if (!inputError(error)) throw error;
    throw unreadable(where, path, reason(error), error);
  }
}

function reason(error: unknown): string {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'ENOENT':
      return 'missing';
    case 'ELOOP':
      return 'a symbolic link, which no archive has';
    case 'ENOTDIR':
      return 'a part of its path is no folder';
    default:
      return 'reading it fails';
  }
}
