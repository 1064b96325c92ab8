import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { Header } from 'tar';
import { type FileEntry, modeOf } from '../file-source.ts';
import { RELEASE_TIME } from '../release-time.ts';

const BLOCK = 512;
const MTIME = new Date(RELEASE_TIME * 1000);

/**
 * A tar archive of entries, chunk by chunk: sorted by path, with every parent folder, owned by root unless an entry says
 * otherwise, and all of one time. Equal entries give equal bytes. Throws when two entries have one path.
 */
export async function* tarChunks(entries: readonly FileEntry[]): AsyncGenerator<Buffer> {
  for (const entry of withParents(entries)) yield* entryChunks(entry);
  yield Buffer.alloc(2 * BLOCK);
}

/** Entries sorted by path, with a folder entry for every parent that has none. */
export function withParents(entries: readonly FileEntry[]): readonly FileEntry[] {
  const byPath = new Map<string, FileEntry>();
  for (const entry of entries) {
    const other = byPath.get(entry.path);
    if (other && (other.kind !== 'folder' || entry.kind !== 'folder')) throw new Error(`two entries at ${entry.path}`);
    byPath.set(entry.path, entry);
  }
  for (const { path } of entries) {
    for (let parent = posix.dirname(path); parent !== '/'; parent = posix.dirname(parent)) {
      const there = byPath.get(parent);
      if (there && there.kind !== 'folder') throw new Error(`${path} lies below ${parent}, which is no folder`);
      if (!there) byPath.set(parent, { kind: 'folder', path: parent });
    }
  }
  return [...byPath.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
}

async function* entryChunks(entry: FileEntry): AsyncGenerator<Buffer> {
  const text = entry.kind === 'text' ? Buffer.from(entry.content) : undefined;
  const info = entry.kind === 'file' ? await stat(entry.source) : undefined;
  const size = text?.length ?? info?.size ?? 0;
  const mode = modeOf(entry) ?? (info ? info.mode & 0o7777 : 0o777);
  const name = entry.path.slice(1);
  yield* headerChunks({ entry, name: entry.kind === 'folder' ? `${name}/` : name, mode, size });
  if (text) yield text;
  if (entry.kind === 'file') yield* createReadStream(entry.source, { highWaterMark: 1 << 20 });
  yield padding(size);
}

interface HeaderOf {
  readonly entry: FileEntry;
  readonly name: string;
  readonly mode: number;
  readonly size: number;
}

function* headerChunks({ entry, name, mode, size }: HeaderOf): Generator<Buffer> {
  const header = new Header({
    path: name,
    mode,
    size,
    mtime: MTIME,
    uid: ('uid' in entry && entry.uid) || 0,
    gid: ('gid' in entry && entry.gid) || 0,
    type: entry.kind === 'folder' ? 'Directory' : entry.kind === 'link' ? 'SymbolicLink' : 'File',
    ...(entry.kind === 'link' ? { linkpath: entry.target } : {}),
  });
  const block = Buffer.alloc(BLOCK);
  const records: [string, Buffer][] = [];
  if (header.encode(block)) {
    records.push(['path', Buffer.from(name)]);
    if (entry.kind === 'link') records.push(['linkpath', Buffer.from(entry.target)]);
  }
  if (entry.kind === 'file' && entry.bindsLowPorts)
    records.push(['SCHILY.xattr.security.capability', NET_BIND_SERVICE]);
  if (records.length > 0) {
    const extended = Buffer.concat(records.map(([key, value]) => paxRecord(key, value)));
    const extendedBlock = Buffer.alloc(BLOCK);
    const path = `PaxHeader/${posix.basename(name)}`.slice(0, 99);
    new Header({
      path,
      mode: 0o644,
      size: extended.length,
      mtime: MTIME,
      uid: 0,
      gid: 0,
      type: 'ExtendedHeader',
    }).encode(extendedBlock);
    yield extendedBlock;
    yield extended;
    yield padding(extended.length);
  }
  yield block;
}

/** `cap_net_bind_service+ep` as the kernel keeps it in `security.capability`: capabilities(7), revision 2. */
const NET_BIND_SERVICE = Buffer.from('0100000200040000000000000000000000000000', 'hex');

/** "length key=value\n", the length counting itself: pax(1), extended header. */
function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}
