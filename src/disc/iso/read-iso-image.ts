import { checkExtents } from './check-extents.ts';
import { damaged } from './damaged.ts';
import { type DirectoryRecord, directoryRecord, directoryRecords } from './directory-record.ts';
import { BLOCK, type Extent, type IsoEntry, type IsoImage, type ReadAt } from './iso-image.ts';
import { type Continuation, readRockRidge } from './rock-ridge.ts';
import { readVolume, type Volume } from './volume-descriptor.ts';

/** Far above what a disc of ours has, and small enough to be held in memory. */
const LARGEST_DIRECTORY = 64 * 2 ** 20;
const MOST_ENTRIES = 1_000_000;
const LONGEST_PATH = 1024;

/**
 * Reads the tree of an ISO 9660 image with Rock Ridge (ECMA-119, IEEE P1282) through `read`, whatever it holds: throws a
 * `VERIFICATION_FAILED` for extents outside the image or over one another, loops, numbers that do not agree, names that no disc of ours
 * has, and for relocated, compressed, sparse and interleaved files. `size` is that of the image in bytes.
 */
export async function readIsoImage(read: ReadAt, size: number, where: string): Promise<IsoImage> {
  const volume = await readVolume(read, where);
  if (volume.blocks * BLOCK > size) throw damaged('it is longer than the file that holds it', where);
  const walk = createWalk(read, volume, where);
  await walk.folder(directoryRecord(volume.root, where), '');
  checkExtents(walk.folders, walk.entries, where);
  return { volumeId: volume.volumeId, entries: walk.entries };
}

function createWalk(read: ReadAt, volume: Volume, where: string) {
  const entries: IsoEntry[] = [];
  const folders: Extent[] = [];
  const seen = new Set<number>();
  const block = lastBlock(read);

  function extentOf({ firstBlock, size }: Pick<DirectoryRecord, 'firstBlock' | 'size'>, at: string): Extent {
    if (size === 0) return { offset: 0, length: 0 };
    if (firstBlock < volume.firstBlock || firstBlock + Math.ceil(size / BLOCK) > volume.blocks)
      throw damaged('an extent outside the image', at);
    return { offset: firstBlock * BLOCK, length: size };
  }

  async function continued({ block: number, offset, length }: Continuation): Promise<Uint8Array> {
    if (offset + length > BLOCK) throw damaged('a continuation beyond its block', where);
    const extent = extentOf({ firstBlock: number, size: BLOCK }, where);
    return (await block(extent.offset)).subarray(offset, offset + length);
  }

  async function folder(record: DirectoryRecord, path: string): Promise<void> {
    const at = path === '' ? where : `${where}: ${path}`;
    if (!record.isFolder || record.size === 0 || record.size % BLOCK !== 0 || record.size > LARGEST_DIRECTORY)
      throw damaged(`a directory of ${record.size} bytes`, at);
    if (seen.has(record.firstBlock)) throw damaged('a directory that stands in two places', at);
    seen.add(record.firstBlock);
    const extent = extentOf(record, at);
    folders.push(extent);
    const [self, parent, ...records] = directoryRecords(await read(extent.offset, extent.length), at);
    if (self?.identifier !== '\0' || self.firstBlock !== record.firstBlock || parent?.identifier !== '\u0001')
      throw damaged('a directory that does not begin with itself and its parent', at);
    await children(records, path, at);
  }

  async function children(records: readonly DirectoryRecord[], path: string, at: string): Promise<void> {
    const names = new Set<string>();
    for (const group of groupsOf(records, at)) {
      const [first] = group;
      const { name, mode } = await readRockRidge(first.systemUse, continued, at);
      if (name === undefined) throw damaged('a file without a name', at);
      if (names.has(name)) throw damaged(`${name} is there twice`, at);
      names.add(name);
      const full = path === '' ? name : `${path}/${name}`;
      if (full.length > LONGEST_PATH || entries.length >= MOST_ENTRIES) throw damaged('too deep, or too much', at);
      const type = typeOf(mode);
      if ((type === 'folder') !== first.isFolder) throw damaged(`${name} is a folder and no folder`, at);
      const extents = first.isFolder ? [] : group.map((record) => extentOf(record, `${where}: ${full}`));
      const size = extents.reduce((sum, { length }) => sum + length, 0);
      entries.push({
        path: full,
        type,
        mode: mode & 0o7777,
        size,
        extents: extents.filter(({ length }) => length > 0),
      });
      if (first.isFolder) await folder(first, full);
    }
  }

  return { folder, entries, folders };
}

/** Records of one file follow one another; all but the last fill their blocks (ECMA-119, section 6.5.1). */
function groupsOf(
  records: readonly DirectoryRecord[],
  at: string,
): (readonly [DirectoryRecord, ...DirectoryRecord[]])[] {
  const groups: [DirectoryRecord, ...DirectoryRecord[]][] = [];
  let open = false;
  for (const record of records) {
    const group = open ? groups.at(-1) : undefined;
    if (group === undefined) groups.push([record]);
    else if (group[0].identifier === record.identifier && !record.isFolder) group.push(record);
    else throw damaged('a file of several extents is cut off', at);
    open = record.goesOn;
    if (open && (record.size % BLOCK !== 0 || record.isFolder)) throw damaged('an extent with a gap behind it', at);
  }
  if (open) throw damaged('a file of several extents is cut off', at);
  return groups;
}

function typeOf(mode: number): IsoEntry['type'] {
  const types: Readonly<Record<number, IsoEntry['type']>> = { 8: 'file', 4: 'folder', 10: 'link' };
  return types[mode >>> 12] ?? 'special';
}

/** Continuations of neighbours share a block: the last one is kept. */
function lastBlock(read: ReadAt): (offset: number) => Promise<Uint8Array> {
  let kept: { readonly offset: number; readonly bytes: Uint8Array } | undefined;
  return async (offset) => {
    if (kept?.offset !== offset) kept = { offset, bytes: await read(offset, BLOCK) };
    return kept.bytes;
  };
}
