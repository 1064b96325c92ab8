import { damaged } from './damaged.ts';
import { BLOCK } from './iso-image.ts';
import { bothOrders } from './numbers.ts';

/** A record of ECMA-119, section 9.1. */
export interface DirectoryRecord {
  /** As it stands there: `METALK8S.;1`; one byte 0 or 1 for the folder itself and its parent. */
  readonly identifier: string;
  readonly isFolder: boolean;
  /** The next record goes on with the same file. */
  readonly goesOn: boolean;
  readonly firstBlock: number;
  /** Bytes. */
  readonly size: number;
  /** What Rock Ridge says. */
  readonly systemUse: Uint8Array;
}

const FIXED_PART = 33;
const FOLDER = 0x02;
const GOES_ON = 0x80;

/** The records of a directory, in order. No record crosses the end of a block. */
export function directoryRecords(directory: Uint8Array, where: string): DirectoryRecord[] {
  const records: DirectoryRecord[] = [];
  for (let block = 0; block < directory.length; block += BLOCK) {
    const bytes = directory.subarray(block, block + BLOCK);
    let offset = 0;
    while (offset < bytes.length && bytes[offset] !== 0) {
      const length = bytes[offset] ?? 0;
      if (offset + length > bytes.length) throw damaged('a directory record is cut off', where);
      records.push(directoryRecord(bytes.subarray(offset, offset + length), where));
      offset += length;
    }
  }
  return records;
}

export function directoryRecord(bytes: Uint8Array, where: string): DirectoryRecord {
  const nameLength = bytes[32] ?? 0;
  const nameEnd = FIXED_PART + nameLength;
  if (nameLength === 0 || nameEnd > bytes.length) throw damaged('a directory record is cut off', where);
  const flags = bytes[25] ?? 0;
  if ((flags & ~(FOLDER | GOES_ON)) !== 0) throw damaged(`a directory record has flags ${flags}`, where);
  if (bytes[1] !== 0 || bytes[26] !== 0 || bytes[27] !== 0)
    throw damaged('a file has extended attributes or is interleaved', where);
  return {
    identifier: Buffer.from(bytes.subarray(FIXED_PART, nameEnd)).toString('latin1'),
    isFolder: (flags & FOLDER) !== 0,
    goesOn: (flags & GOES_ON) !== 0,
    firstBlock: bothOrders(bytes, 2, 4, where),
    size: bothOrders(bytes, 10, 4, where),
    systemUse: bytes.subarray(nameEnd + (nameLength % 2 === 0 ? 1 : 0)),
  };
}
