import { lstat, open, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, join, posix, relative } from 'node:path';
import { execa } from 'execa';
import type { FileEntry } from '../file-source.ts';

/** Programs, and other files, of unpacked Debian packages. */
export interface DebianPrograms {
  /** The directory that the packages are unpacked in. */
  readonly tree: string;
  /** Paths below it; `*` at the end of a path stands for all files of a folder. */
  readonly paths: readonly string[];
}

/** Debian's name for this machine's processor in paths of libraries. */
export const TRIPLET = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';

const LOADER = process.arch === 'arm64' ? 'lib/ld-linux-aarch64.so.1' : 'lib64/ld-linux-x86-64.so.2';
const LIBRARY_FOLDERS = [`lib/${TRIPLET}`, `usr/lib/${TRIPLET}`];

/** ELF's type of the segment that says which libraries a program needs. */
const PT_DYNAMIC = 2;

/** Folders that are links into /usr in every Debian system, though packages of Debian 12 still name them. */
const MERGED = ['bin', 'lib', 'lib64', 'sbin'];

/**
 * The files of an image that runs programs of Debian: the programs, what links among them point to, the loader, and
 * every library that the loader finds they need (those of plug-ins too, when they are among the paths).
 * Throws when a library is not in the tree, with its name.
 */
export async function debianProgramEntries({ tree, paths }: DebianPrograms): Promise<readonly FileEntry[]> {
  const found = new Map<string, FileEntry>();
  const chosen = (await Promise.all(paths.map((path) => matching(tree, path)))).flat();
  for (const path of chosen) await take(path, { tree, found });
  const programs = [...found.values()].flatMap((entry) => (entry.kind === 'file' ? [entry.source] : []));
  const needed = new Set<string>();
  for (const program of programs) for (const path of await loads(program, tree)) needed.add(path);
  if (needed.size > 0) needed.add(LOADER);
  for (const path of needed) await take(path, { tree, found });
  const links = MERGED.map((name): FileEntry => ({ kind: 'link', path: `/${name}`, target: `usr/${name}` }));
  return [...links, { kind: 'folder', path: '/usr/lib64' }, ...found.values()];
}

/** A path of a Debian package as it is in a system whose /bin, /lib and /sbin are links into /usr. */
export function mergedPath(path: string): string {
  return MERGED.includes(path.split('/')[0] ?? '') ? `/usr/${path}` : `/${path}`;
}

/** The files that the loader names when it lists what a program loads. Throws when it finds one missing. */
export function parseLoaded(listing: string): readonly string[] {
  return listing.split('\n').flatMap((line) => {
    if (line.includes('not found')) throw new Error(`a library is missing: ${line.trim()}`);
    const path = /=> (\S+) \(0x/.exec(line)?.[1];
    return path === undefined ? [] : [path];
  });
}

async function matching(tree: string, path: string): Promise<readonly string[]> {
  if (!path.endsWith('/*')) return [path];
  const folder = path.slice(0, -2);
  const entries = await readdir(join(tree, folder), { withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => posix.join(folder, entry.name));
}

interface Taking {
  readonly tree: string;
  readonly found: Map<string, FileEntry>;
}

async function take(path: string, { tree, found }: Taking): Promise<void> {
  const target = mergedPath(path);
  if (found.has(target)) return;
  const source = join(tree, path);
  const info = await lstat(source);
  if (!info.isSymbolicLink()) {
    found.set(target, { kind: 'file', path: target, source, mode: info.mode & 0o7777 });
    return;
  }
  const link = await readlink(source);
  found.set(target, { kind: 'link', path: target, target: link });
  const pointed = link.startsWith('/') ? link.slice(1) : posix.normalize(posix.join(dirname(path), link));
  await take(pointed, { tree, found });
}

/** Paths, below the tree, of the libraries that a program or library of the tree loads when it starts. */
async function loads(program: string, tree: string): Promise<readonly string[]> {
  if (!(await isDynamic(program))) return [];
  const loader = join(tree, `lib/${TRIPLET}`, posix.basename(LOADER));
  const libraries = LIBRARY_FOLDERS.map((folder) => join(tree, folder)).join(':');
  const { stdout } = await execa(loader, ['--inhibit-cache', '--library-path', libraries, '--list', program]);
  const root = await realpath(tree);
  return parseLoaded(stdout).flatMap((path) => {
    const inside = relative(root, path);
    // The loader names itself by the path that this very call gave it.
    if (posix.basename(path) === posix.basename(LOADER)) return [];
    if (inside.startsWith('..')) throw new Error(`${program} loads ${path}, which is not in the unpacked packages`);
    return [inside];
  });
}

/** True for an ELF file with a dynamic section that the loader can list: no script, no static program. */
async function isDynamic(path: string): Promise<boolean> {
  const { size } = await stat(path);
  const file = await open(path);
  try {
    const head = Buffer.alloc(Math.min(size, 4096));
    await file.read(head, 0, head.length, 0);
    if (head.length < 64 || head.readUInt32BE(0) !== 0x7f454c46) return false;
    const [offset, entrySize, count] = [Number(head.readBigUInt64LE(32)), head.readUInt16LE(54), head.readUInt16LE(56)];
    const types = Array.from({ length: count }, (_, index) => head.readUInt32LE(offset + index * entrySize));
    return types.includes(PT_DYNAMIC);
  } finally {
    await file.close();
  }
}
