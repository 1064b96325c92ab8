import { readdir, readlink, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';

/** One file, folder or link of a package or an image layer. `path` is absolute, without a slash at the end. */
export type FileEntry = FileOfMachine | FileOfText | Folder | Link;

/** A file whose content lies on this machine; `mode` is that of the source when not given. */
interface FileOfMachine extends Placed {
  readonly kind: 'file';
  readonly source: string;
  /** The program may listen on ports below 1024 without being root; heard in images only. */
  readonly bindsLowPorts?: true;
}

/** A file whose content is given. */
interface FileOfText extends Placed {
  readonly kind: 'text';
  readonly content: string;
}

/** A folder, which is there also when nothing is in it. */
interface Folder extends Placed {
  readonly kind: 'folder';
}

/** A symbolic link. */
interface Link {
  readonly kind: 'link';
  readonly path: string;
  readonly target: string;
}

/** What belongs under `path` out of a directory of this machine, as it lies there; looked into only when it is packed. */
interface Tree {
  readonly kind: 'tree';
  readonly path: string;
  readonly source: string;
  /** Permission bits for all files of it, where those on this machine say nothing. */
  readonly fileMode?: number;
}

/** A description of files that is plain data, so that it can be an input of a cached recipe. */
export type FileSource = FileEntry | Tree;

/** Permission bits of what a source describes, undefined where they are those of a file on this machine. */
export function modeOf(source: FileSource): number | undefined {
  if (source.kind === 'link' || source.kind === 'tree') return undefined;
  const usual = { folder: 0o755, text: 0o644, file: undefined }[source.kind];
  return source.mode ?? usual;
}

interface Placed {
  readonly path: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** The entries of sources: trees are walked, everything else stays as it is. */
export async function expandSources(sources: readonly FileSource[]): Promise<readonly FileEntry[]> {
  const expanded = await Promise.all(sources.map((source) => (source.kind === 'tree' ? walk(source) : [source])));
  return expanded.flat();
}

async function walk(tree: Omit<Tree, 'kind'>): Promise<readonly FileEntry[]> {
  const { source: directory, path, fileMode } = tree;
  const entries: FileEntry[] = [
    { kind: 'folder', path, mode: fileMode === undefined ? (await stat(directory)).mode & 0o7777 : 0o755 },
  ];
  for (const found of await readdir(directory, { withFileTypes: true })) {
    const source = join(directory, found.name);
    const target = posix.join(path, found.name);
    const mode = fileMode === undefined ? {} : { mode: fileMode };
    if (found.isDirectory()) entries.push(...(await walk({ ...tree, source, path: target })));
    else if (found.isSymbolicLink()) entries.push({ kind: 'link', path: target, target: await readlink(source) });
    else entries.push({ kind: 'file', path: target, source, ...mode });
  }
  return entries;
}
