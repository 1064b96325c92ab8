import { createHash } from 'node:crypto';
import { armour, dearmour, isArmoured } from './armour.ts';
import { readInteger, readNumber, readPackets } from './packets.ts';

/** What a detached signature says of itself; whether it is good is for gpgv to tell. */
export interface Signature {
  /** 40 upper-case hexadecimal digits of the key or subkey that made it. */
  readonly issuer: string;
  readonly hash: 'sha256' | 'sha512';
  /** Seconds since 1970. */
  readonly created: number;
  /** To be below the modulus of the key: adding that to it gives another number that GnuPG takes as well. */
  readonly number: bigint;
  /** The packet in its one form. */
  readonly packet: Uint8Array;
}

const SIGNATURE_PACKET = 2;
/** Old format, length of two octets: as GnuPG writes it. */
const PACKET_HEADER = 0x89;
const VERSION = 4;
const BINARY_DOCUMENT = 0;
const RSA = 1;
const HASHES: Readonly<Record<number, Signature['hash']>> = { 8: 'sha256', 10: 'sha512' };
const CREATED = 2;
const ISSUER_KEY = 16;
const ISSUER_FINGERPRINT = 33;
/** Version, type and two algorithms, before the length of the hashed subpackets. */
const FIXED_PART = 4;

/**
 * Reads a detached signature, binary or armoured, as GnuPG makes them: version 4, of a binary document, RSA, SHA-256 or -512, with the
 * fingerprint of its issuer and its date among what is signed. Throws a RangeError for anything else (RFC 9580, section 5.2.3).
 *
 * Nothing signs the rest of such a packet, so it has one form only: beside the signed subpackets there is the issuer's key id and nothing
 * else, the number is in its shortest form, and nothing follows.
 */
export function readSignature(content: Uint8Array): Signature {
  const binary = isArmoured(content) ? dearmour('PGP SIGNATURE', Buffer.from(content).toString('latin1')) : content;
  const [packet, another] = readPackets(binary);
  if (packet === undefined || another !== undefined) throw new RangeError('this is not one signature');
  if (packet.tag !== SIGNATURE_PACKET) throw new RangeError(`an OpenPGP packet of type ${packet.tag} is no signature`);
  return readBody(packet.body);
}

function readBody(body: Uint8Array): Signature {
  const [version, type, algorithm, hashNumber = 0] = body;
  if (version !== VERSION) throw new RangeError(`a signature of version ${version}, not ${VERSION}`);
  if (type !== BINARY_DOCUMENT) throw new RangeError(`a signature of type ${type}, not of a binary document`);
  if (algorithm !== RSA) throw new RangeError(`a signature by public-key algorithm ${algorithm}, not RSA`);
  const hash = HASHES[hashNumber];
  if (hash === undefined) throw new RangeError(`a signature over hash ${hashNumber}, neither SHA-256 nor SHA-512`);

  const hashedEnd = FIXED_PART + 2 + readNumber(body, FIXED_PART, 2);
  const hashed = subpackets(body.subarray(FIXED_PART + 2, hashedEnd), hashedEnd - FIXED_PART - 2);
  const created = only(hashed, CREATED, 4, 'date');
  const issuer = only(hashed, ISSUER_FINGERPRINT, 21, 'fingerprint of its issuer');
  if (issuer[0] !== VERSION) throw new RangeError(`a signature by a key of version ${issuer[0]}, not ${VERSION}`);

  const unhashedEnd = hashedEnd + 2 + readNumber(body, hashedEnd, 2);
  const { end, value } = readInteger(body, unhashedEnd + 2);
  if (end !== body.length) throw new RangeError('something follows the number of the signature');
  const unhashed = Uint8Array.of(0, 10, 9, ISSUER_KEY, ...issuer.subarray(-8));
  const canonical = Buffer.concat([body.subarray(0, hashedEnd), unhashed, body.subarray(unhashedEnd)]);
  if (canonical.length > 0xffff) throw new RangeError('a signature of more than 64 KiB');
  return {
    issuer: Buffer.from(issuer.subarray(1)).toString('hex').toUpperCase(),
    hash,
    created: readNumber(created, 0, 4),
    number: value,
    packet: Buffer.concat([Uint8Array.of(PACKET_HEADER, canonical.length >> 8, canonical.length & 0xff), canonical]),
  };
}

interface Subpacket {
  readonly type: number;
  readonly content: Uint8Array;
}

/** RFC 9580, section 5.2.3.7. The highest bit of a type says that whoever does not know it shall refuse the signature: gpgv does. */
function subpackets(area: Uint8Array, length: number): Subpacket[] {
  if (area.length !== length) throw new RangeError('a signature is cut off');
  const found: Subpacket[] = [];
  let offset = 0;
  while (offset < area.length) {
    const { header, body } = subpacketLength(area, offset);
    const end = offset + header + body;
    if (body === 0 || end > area.length) throw new RangeError('a subpacket of a signature is cut off');
    const [type = 0, ...content] = area.subarray(offset + header, end);
    found.push({ type: type & 0x7f, content: Uint8Array.from(content) });
    offset = end;
  }
  return found;
}

function subpacketLength(area: Uint8Array, offset: number): { readonly header: number; readonly body: number } {
  const first = readNumber(area, offset, 1);
  if (first < 192) return { header: 1, body: first };
  if (first < 255) return { header: 2, body: ((first - 192) << 8) + readNumber(area, offset + 1, 1) + 192 };
  return { header: 5, body: readNumber(area, offset + 1, 4) };
}

function only(found: readonly Subpacket[], type: number, length: number, what: string): Uint8Array {
  const [first, another] = found.filter((subpacket) => subpacket.type === type);
  if (first === undefined || another !== undefined || first.content.length !== length)
    throw new RangeError(`a signature that does not sign the ${what}, once`);
  return first.content;
}

/** A detached signature in the one form that the disc has, armoured. Throws a RangeError as `readSignature` does. */
export function canonicalSignature(content: Uint8Array): string {
  return armour('PGP SIGNATURE', readSignature(content).packet);
}

/**
 * Whether a signature that is good for `content` has exactly one form: this one. What no signature covers, GnuPG writes and reads over, so
 * here it is compared. Throws a RangeError where it is no signature at all.
 */
export function isCanonical(armoured: Uint8Array, content: Uint8Array): boolean {
  return canonicalSignature(armoured) === Buffer.from(armoured).toString('latin1') && hasRightCheck(armoured, content);
}

/** The two octets of the digest that stand in clear (section 5.2.4). */
function hasRightCheck(armoured: Uint8Array, content: Uint8Array): boolean {
  const { packet, hash } = readSignature(armoured);
  const body = packet.subarray(3);
  const hashedEnd = FIXED_PART + 2 + readNumber(body, FIXED_PART, 2);
  const trailer = Buffer.of(VERSION, 0xff, 0, 0, 0, 0);
  trailer.writeUInt32BE(hashedEnd, 2);
  const digest = createHash(hash).update(content).update(body.subarray(0, hashedEnd)).update(trailer).digest();
  const checkAt = hashedEnd + 2 + readNumber(body, hashedEnd, 2);
  return digest.subarray(0, 2).equals(body.subarray(checkAt, checkAt + 2));
}
