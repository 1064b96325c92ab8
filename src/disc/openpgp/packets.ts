/** A packet of RFC 9580, section 4.2. */
export interface Packet {
  readonly tag: number;
  readonly body: Uint8Array;
  /** With its header, as it stands in the file. */
  readonly bytes: Uint8Array;
}

interface Length {
  /** Bytes of the header, from the start of the packet. */
  readonly header: number;
  readonly body: number;
}

/** The packets of a binary file. Throws a RangeError for what is none: a cut one, or a length that only streams have. */
export function readPackets(content: Uint8Array): Packet[] {
  const packets: Packet[] = [];
  let offset = 0;
  while (offset < content.length) {
    const rest = content.subarray(offset);
    const first = rest[0] ?? 0;
    if ((first & 0x80) === 0) throw new RangeError(`no OpenPGP packet begins at byte ${offset}`);
    const isNew = (first & 0x40) !== 0;
    const { header, body } = isNew ? newLength(rest) : oldLength(rest, first & 3);
    if (header + body > rest.length) throw new RangeError(`the OpenPGP packet at byte ${offset} is cut off`);
    const tag = isNew ? first & 0x3f : (first >> 2) & 0x0f;
    packets.push({ tag, body: rest.subarray(header, header + body), bytes: rest.subarray(0, header + body) });
    offset += header + body;
  }
  return packets;
}

/** Section 4.2.1. */
function newLength(packet: Uint8Array): Length {
  const first = octet(packet, 1);
  if (first < 192) return { header: 2, body: first };
  if (first < 224) return { header: 3, body: ((first - 192) << 8) + octet(packet, 2) + 192 };
  if (first === 255) return { header: 6, body: readNumber(packet, 2, 4) };
  throw new RangeError('an OpenPGP packet of partial length is neither key nor signature');
}

/** Section 4.2.2. */
function oldLength(packet: Uint8Array, type: number): Length {
  if (type === 3) throw new RangeError('an OpenPGP packet of unknown length is neither key nor signature');
  const octets = 1 << type;
  return { header: 1 + octets, body: readNumber(packet, 1, octets) };
}

/** A number of so many octets, the highest first. Throws a RangeError where they are not there. */
export function readNumber(content: Uint8Array, offset: number, octets: number): number {
  let value = 0;
  for (let index = 0; index < octets; index++) value = value * 256 + octet(content, offset + index);
  return value;
}

function octet(content: Uint8Array, offset: number): number {
  const value = content[offset];
  if (value === undefined) throw new RangeError('an OpenPGP packet is cut off');
  return value;
}

export interface OpenPgpInteger {
  /** Where it ends. */
  readonly end: number;
  readonly bits: number;
  readonly value: bigint;
}

/** Multiprecision integer of section 3.2. Throws a RangeError unless written in its shortest form. */
export function readInteger(content: Uint8Array, offset: number): OpenPgpInteger {
  const bits = readNumber(content, offset, 2);
  const end = offset + 2 + Math.ceil(bits / 8);
  if (end > content.length) throw new RangeError('an OpenPGP number is cut off');
  const highest = bits === 0 ? 0 : Math.clz32(octet(content, offset + 2)) - 24;
  if (bits > 0 && highest !== (8 - (bits % 8)) % 8) throw new RangeError('an OpenPGP number has a wrong length');
  const value = BigInt(`0x0${Buffer.from(content.subarray(offset + 2, end)).toString('hex')}`);
  return { end, bits, value };
}
