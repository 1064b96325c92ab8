import { damaged } from './damaged.ts';

/** A number that stands there in both byte orders (ECMA-119, sections 7.2.3 and 7.3.3). The two have to agree. */
export function bothOrders(bytes: Uint8Array, offset: number, octets: 2 | 4, where: string): number {
  if (offset + 2 * octets > bytes.length) throw damaged('a number is cut off', where);
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = view.readUIntLE(offset, octets);
  const big = view.readUIntBE(offset + octets, octets);
  if (little !== big) throw damaged(`a number is ${little} in one byte order and ${big} in the other`, where);
  return little;
}
