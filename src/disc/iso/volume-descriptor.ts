import { damaged } from './damaged.ts';
import { BLOCK, type ReadAt } from './iso-image.ts';
import { bothOrders } from './numbers.ts';

export interface Volume {
  readonly volumeId: string;
  /** Blocks of the volume, counted from the start of the image. */
  readonly blocks: number;
  /** The first block after the descriptors: nothing in a directory may point before it. */
  readonly firstBlock: number;
  /** The directory record of the root. */
  readonly root: Uint8Array;
}

const FIRST_DESCRIPTOR = 16;
const MOST_DESCRIPTORS = 16;
const PRIMARY = 1;
const TERMINATOR = 255;

/** Reads the volume descriptors (ECMA-119, sections 8.1 to 8.4): the primary one counts, which has to be the first. */
export async function readVolume(read: ReadAt, where: string): Promise<Volume> {
  const primary = await descriptor(read, FIRST_DESCRIPTOR, where);
  if (primary[0] !== PRIMARY) throw damaged(`its first volume descriptor is of type ${primary[0]}`, where);
  const blockSize = bothOrders(primary, 128, 2, where);
  if (blockSize !== BLOCK) throw damaged(`its blocks have ${blockSize} bytes, not ${BLOCK}`, where);
  return {
    volumeId: Buffer.from(primary.subarray(40, 72)).toString('latin1').trimEnd(),
    blocks: bothOrders(primary, 80, 4, where),
    firstBlock: await afterDescriptors(read, where),
    root: primary.subarray(156, 190),
  };
}

async function afterDescriptors(read: ReadAt, where: string): Promise<number> {
  for (let block = FIRST_DESCRIPTOR + 1; block < FIRST_DESCRIPTOR + MOST_DESCRIPTORS; block++)
    if ((await descriptor(read, block, where))[0] === TERMINATOR) return block + 1;
  throw damaged('its volume descriptors have no end', where);
}

async function descriptor(read: ReadAt, block: number, where: string): Promise<Uint8Array> {
  const bytes = await read(block * BLOCK, BLOCK);
  if (Buffer.from(bytes.subarray(1, 7)).toString('latin1') !== 'CD001\u0001')
    throw damaged(`there is no volume descriptor in block ${block}`, where);
  return bytes;
}
