import { shown } from '../../registry/rules.ts';
import { isDiscName } from '../disc-path.ts';
import { damaged } from './damaged.ts';
import { bothOrders } from './numbers.ts';

/** What Rock Ridge says of a name (IEEE P1282, sections 4.1.1 and 4.1.4). */
export interface RockRidge {
  /** Left out for the folder itself and its parent. */
  readonly name?: string;
  /** As `st_mode`. */
  readonly mode: number;
}

/** Where the entries of a record go on (SUSP, section 5.1). */
export interface Continuation {
  readonly block: number;
  readonly offset: number;
  readonly length: number;
}

interface SystemUseEntry {
  readonly signature: string;
  readonly content: Uint8Array;
}

const MOST_CONTINUATIONS = 64;
const HEADER = 4;
const NAME_GOES_ON = 1;
/** Relocated folders, compressed and sparse files: what they say of a file is not what its extents hold. */
const UNWANTED: ReadonlySet<string> = new Set(['CL', 'PL', 'RE', 'ZF', 'SF']);

/** Reads the system use area of a record; `continued` gives the bytes of a continuation. */
export async function readRockRidge(
  systemUse: Uint8Array,
  continued: (at: Continuation) => Promise<Uint8Array>,
  where: string,
): Promise<RockRidge> {
  const entries = await allEntries(systemUse, continued, where);
  const unwanted = entries.find(({ signature }) => UNWANTED.has(signature));
  if (unwanted !== undefined) throw damaged(`an entry ${unwanted.signature} of Rock Ridge`, where);
  const [attributes, more] = entries.filter(({ signature }) => signature === 'PX');
  if (attributes === undefined || more !== undefined) throw damaged('a record without Rock Ridge', where);
  const name = readName(entries, where);
  return { mode: bothOrders(attributes.content, 0, 4, where), ...(name === undefined ? {} : { name }) };
}

async function allEntries(
  systemUse: Uint8Array,
  continued: (at: Continuation) => Promise<Uint8Array>,
  where: string,
): Promise<SystemUseEntry[]> {
  const all: SystemUseEntry[] = [];
  let area: Uint8Array | undefined = systemUse;
  for (let count = 0; area !== undefined; count++) {
    if (count > MOST_CONTINUATIONS) throw damaged('the continuations of a record have no end', where);
    const entries: SystemUseEntry[] = entriesOf(area, where);
    all.push(...entries);
    const next = entries.find(({ signature }) => signature === 'CE');
    area = next && (await continued(continuationOf(next.content, where)));
  }
  return all;
}

function entriesOf(area: Uint8Array, where: string): SystemUseEntry[] {
  const entries: SystemUseEntry[] = [];
  let offset = 0;
  while (offset + HEADER <= area.length && area[offset] !== 0) {
    const signature = Buffer.from(area.subarray(offset, offset + 2)).toString('latin1');
    const end = offset + (area[offset + 2] ?? 0);
    if (end < offset + HEADER || end > area.length) throw damaged('an entry of Rock Ridge is cut off', where);
    if (signature === 'ST') break;
    entries.push({ signature, content: area.subarray(offset + HEADER, end) });
    offset = end;
  }
  return entries;
}

function continuationOf(content: Uint8Array, where: string): Continuation {
  return {
    block: bothOrders(content, 0, 4, where),
    offset: bothOrders(content, 8, 4, where),
    length: bothOrders(content, 16, 4, where),
  };
}

/** A name may be spread over several entries. Only names that our discs have are taken, so none can lead elsewhere. */
function readName(entries: readonly SystemUseEntry[], where: string): string | undefined {
  const parts = entries.filter(({ signature }) => signature === 'NM').map(({ content }) => content);
  if (parts.length === 0) return undefined;
  for (const [index, part] of parts.entries()) {
    const goesOn = index < parts.length - 1 ? NAME_GOES_ON : 0;
    if (part[0] !== goesOn) throw damaged(`a name has flags ${part[0]}`, where);
  }
  const name = Buffer.concat(parts.map((part) => part.subarray(1))).toString('latin1');
  if (!isDiscName(name)) throw damaged(`${shown(name)} is no name of a file on a disc`, where);
  return name;
}
