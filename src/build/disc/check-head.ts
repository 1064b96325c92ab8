import { foldersOf } from '../../disc/disc-path.ts';
import { IMAGE_HEADER_SIZE } from '../../disc/image-header.ts';
import { BLOCK, type IsoEntry } from '../../disc/iso/iso-image.ts';
import { readIsoImage } from '../../disc/iso/read-iso-image.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { DiscLayout } from './disc-layout.ts';

interface Expected {
  readonly layout: DiscLayout;
  readonly volumeId: string;
  /** Of the whole image. */
  readonly size: number;
}

/**
 * Reads the tree that xorriso made with our own reader, and compares it with what was asked for: every file with its place, size and mode,
 * every folder, the volume id, and a system area of zeros. Throws a `STEP_FAILED` that names the first difference.
 */
export async function checkHead(head: Uint8Array, { layout, volumeId, size }: Expected): Promise<void> {
  const where = 'the tree that xorriso made';
  const found = await readIsoImage(async (offset, length) => head.subarray(offset, offset + length), size, where);
  if (found.volumeId !== volumeId) throw otherwise(`its volume id is ${found.volumeId}`);
  if (head.subarray(0, IMAGE_HEADER_SIZE).some((byte) => byte !== 0)) throw otherwise('its system area is not empty');
  const wanted = expectedEntries(layout, head.length);
  for (const entry of found.entries) {
    const { path } = entry;
    if (wanted.get(path) !== placeOf(entry)) throw otherwise(`${path} is ${placeOf(entry)}, not ${wanted.get(path)}`);
    wanted.delete(path);
  }
  const [missing] = wanted.keys();
  if (missing !== undefined) throw otherwise(`${missing} is not in it`);
}

function expectedEntries({ contents, entries }: DiscLayout, start: number): Map<string, string> {
  const offsets: number[] = [];
  let offset = start;
  for (const { size } of contents) {
    offsets.push(offset);
    offset += Math.ceil(size / BLOCK) * BLOCK;
  }
  const wanted = new Map<string, string>();
  for (const path of foldersOf(entries.map(({ path }) => path))) wanted.set(path, place('folder', 0o555));
  for (const { path, executable, content } of entries) {
    const mode = executable ? 0o555 : 0o444;
    const extent = content === undefined ? [] : [offsets[content], contents[content]?.size];
    wanted.set(path, place('file', mode, ...extent));
  }
  return wanted;
}

/** Extents of one file follow one another without a gap. */
function placeOf({ type, mode, size, extents }: IsoEntry): string {
  let end: number | undefined;
  for (const { offset, length } of extents) {
    if (end !== undefined && offset !== end) return 'a file in pieces';
    end = offset + length;
  }
  const [first] = extents;
  return place(type, mode, ...(first === undefined ? [] : [first.offset, size]));
}

function place(type: string, mode: number, offset?: number, size?: number): string {
  return [type, mode.toString(8), ...(offset === undefined ? [] : [`${size} bytes at ${offset}`])].join(', ');
}

function otherwise(difference: string): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', `xorriso made another tree than it was asked for: ${difference}`, {
    hint: 'Try another version of xorriso, and report this with both versions.',
  });
}
