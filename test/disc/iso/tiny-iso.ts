import { BLOCK } from '../../../src/disc/iso/iso-image.ts';

/** A directory record, as odd as a test wants it. */
export interface TinyRecord {
  readonly identifier: string;
  readonly block: number;
  readonly size: number;
  readonly flags?: number;
  readonly systemUse?: Uint8Array;
  /** Last touch on its bytes. */
  readonly change?: (bytes: Buffer) => void;
}

export interface TinyIso {
  /** Records of directories by the block where they stand; 20 is the root. Each gets its first two by itself. */
  readonly directories: Readonly<Record<number, readonly TinyRecord[]>>;
  /** What else stands in a block. */
  readonly blocks?: Readonly<Record<number, Uint8Array>>;
  /** Blocks of the image. */
  readonly count?: number;
  readonly changeDescriptor?: (bytes: Buffer) => void;
}

export const ROOT = 20;
export const FOLDER_FLAG = 0x02;
export const GOES_ON = 0x80;
const FILE_MODE = 0o100444;
const FOLDER_MODE = 0o040555;

/** A small image of ISO 9660 with Rock Ridge. */
export function tinyIso({ directories, blocks = {}, count = 64, changeDescriptor }: TinyIso): Buffer {
  const image = Buffer.alloc(count * BLOCK);
  const primary = descriptor(1);
  primary.write('TINY'.padEnd(32), 40, 'latin1');
  both(primary, 80, 4, count);
  both(primary, 128, 2, BLOCK);
  record({ identifier: '\0', block: ROOT, size: BLOCK, flags: FOLDER_FLAG, systemUse: Buffer.of() }).copy(primary, 156);
  changeDescriptor?.(primary);
  primary.copy(image, 16 * BLOCK);
  descriptor(255).copy(image, 17 * BLOCK);
  for (const [block, records] of Object.entries(directories)) {
    const self = (identifier: string) => folder('', Number(block), { identifier, systemUse: attributes(FOLDER_MODE) });
    const bytes = [self('\0'), self('\u0001'), ...records].map(record);
    Buffer.concat(bytes).copy(image, Number(block) * BLOCK);
  }
  for (const [block, bytes] of Object.entries(blocks)) image.set(bytes, Number(block) * BLOCK);
  return image;
}

export function file(name: string, block: number, size: number, more: Partial<TinyRecord> = {}): TinyRecord {
  const identifier = `${name.toUpperCase().slice(0, 8)}.;1`;
  return { identifier, block, size, systemUse: Buffer.concat([attributes(FILE_MODE), named(name)]), ...more };
}

export function folder(name: string, block: number, more: Partial<TinyRecord> = {}): TinyRecord {
  const systemUse = Buffer.concat([attributes(FOLDER_MODE), named(name)]);
  return { identifier: name.toUpperCase().slice(0, 8), block, size: BLOCK, flags: FOLDER_FLAG, systemUse, ...more };
}

/** Entry PX of Rock Ridge. */
export function attributes(mode: number): Buffer {
  const content = Buffer.alloc(40);
  for (const [index, value] of [mode, 1, 0, 0, 0].entries()) both(content, index * 8, 4, value);
  return use('PX', content);
}

/** Entry NM of Rock Ridge. */
export function named(name: string, flags = 0): Buffer {
  return use('NM', Buffer.concat([Buffer.of(flags), Buffer.from(name)]));
}

/** Entry CE of SUSP. */
export function continued(block: number, offset: number, length: number): Buffer {
  const content = Buffer.alloc(24);
  for (const [index, value] of [block, offset, length].entries()) both(content, index * 8, 4, value);
  return use('CE', content);
}

export function use(signature: string, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(signature), Buffer.of(content.length + 4, 1), content]);
}

function descriptor(type: number): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  bytes[0] = type;
  bytes.write('CD001\u0001', 1, 'latin1');
  return bytes;
}

function record({ identifier, block, size, flags = 0, systemUse = Buffer.of(), change }: TinyRecord): Buffer {
  const nameEnd = 33 + identifier.length + (identifier.length % 2 === 0 ? 1 : 0);
  const bytes = Buffer.alloc(Math.ceil((nameEnd + systemUse.length) / 2) * 2);
  bytes[0] = bytes.length;
  both(bytes, 2, 4, block);
  both(bytes, 10, 4, size);
  bytes[25] = flags;
  bytes[32] = identifier.length;
  bytes.write(identifier, 33, 'latin1');
  bytes.set(systemUse, nameEnd);
  change?.(bytes);
  return bytes;
}

export function both(bytes: Buffer, offset: number, octets: 2 | 4, value: number): void {
  bytes.writeUIntLE(value, offset, octets);
  bytes.writeUIntBE(value, offset + octets, octets);
}
