import { foldersOf } from './disc-path.ts';
import type { Fault } from './fault.ts';
import { discPaths, executablePaths } from './paths.ts';
import type { Sum } from './sums.ts';

/** A file, folder or anything else that is there. */
export interface TreeEntry {
  /** Below the root, with slashes; names that are not ASCII in any form that shows them. */
  readonly path: string;
  readonly type: 'file' | 'folder' | 'link' | 'special';
  /** 07777 at most. */
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
  /** Names that a file has on its file system and not in this tree. None when left out. */
  readonly namesElsewhere?: number;
}

const SPECIAL_BITS = 0o7000;
const WRITABLE_BY_OTHERS = 0o022;
const EXECUTABLE = 0o111;
const OWNER_EXECUTES = 0o100;

/**
 * What of a tree is not as the list of sums has it, but for contents: missing and extra files and folders, links, devices, modes. A folder
 * that holds none of the files is extra, and nothing below it need be told.
 */
export function treeFaults(entries: readonly TreeEntry[], sums: readonly Sum[]): Fault[] {
  const paths = [...sums.map(({ path }) => path), discPaths.sums];
  const files = new Set([...paths, discPaths.sumsSignature]);
  const folders = foldersOf(paths);
  const there = new Set(entries.map(({ path }) => path));
  const missing = [...paths].filter((path) => !there.has(path));
  return [
    ...missing.map((path) => ({ path, what: 'missing' })),
    ...entries.flatMap((entry) => {
      const what = entryFault(entry, files, folders);
      return what === undefined ? [] : [{ path: entry.path, what }];
    }),
  ].sort((left, right) => (left.path < right.path ? -1 : 1));
}

function entryFault(entry: TreeEntry, files: ReadonlySet<string>, folders: ReadonlySet<string>): string | undefined {
  const { path, type } = entry;
  if (type === 'link') return 'a symbolic link, which no archive has';
  if (type === 'special') return 'a device, pipe or socket, which no archive has';
  if (type === 'folder') {
    if (folders.has(path)) return folderModeFault(entry);
    return files.has(path) ? 'a folder where a file belongs' : 'an extra folder';
  }
  if (!files.has(path)) return folders.has(path) ? 'a file where a folder belongs' : 'an extra file';
  return fileFault(entry);
}

/** A set-group-ID bit of a folder comes from the folder that it was copied into, and means nothing to us. */
function folderModeFault({ mode }: TreeEntry): string | undefined {
  return (mode & WRITABLE_BY_OTHERS) === 0 ? undefined : writable(mode);
}

function fileFault({ path, mode, namesElsewhere = 0 }: TreeEntry): string | undefined {
  if (namesElsewhere > 0) return 'a hard link: the file has a name elsewhere, and can be changed by that';
  if ((mode & SPECIAL_BITS) !== 0) return `mode ${octal(mode)} lets it run as someone else`;
  if ((mode & WRITABLE_BY_OTHERS) !== 0) return writable(mode);
  if (executablePaths.has(path))
    return (mode & OWNER_EXECUTES) === 0 ? `mode ${octal(mode)}: not executable` : undefined;
  return (mode & EXECUTABLE) === 0 ? undefined : `mode ${octal(mode)}: executable, and should not be`;
}

function writable(mode: number): string {
  return `mode ${octal(mode)} lets others than its owner change it`;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
