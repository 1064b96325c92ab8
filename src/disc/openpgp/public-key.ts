import { createHash } from 'node:crypto';
import { dearmour, isArmoured } from './armour.ts';
import { type Packet, readInteger, readNumber, readPackets } from './packets.ts';

/** A primary key with its subkeys and names, as gpgv takes it: binary. */
export interface KeyBlock {
  /** Of the primary key: what people compare. 40 upper-case hexadecimal digits. */
  readonly fingerprint: string;
  /** The primary key first. */
  readonly keys: readonly KeyMaterial[];
  /** The first name, for people; nothing rests on it. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

interface KeyMaterial {
  readonly fingerprint: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** Of an RSA key; left out for other algorithms. */
  readonly rsa?: { readonly bits: number; readonly modulus: bigint };
}

const PUBLIC_KEY = 6;
const PUBLIC_SUBKEY = 14;
const USER_ID = 13;
/** Signature, trust, user id, user attribute: what stands beside keys. A marker (10) may stand anywhere. */
const COMPANIONS: ReadonlySet<number> = new Set([2, 12, USER_ID, 17]);
const MARKER = 10;
const SECRET_KEYS: ReadonlySet<number> = new Set([5, 7]);
const VERSION = 4;
const RSA: ReadonlySet<number> = new Set([1, 2, 3]);

/**
 * The public keys of a file, armoured or binary. Throws a RangeError for anything else: a secret key, a signature, a keybox, an empty file,
 * a key of another version than 4 (RFC 9580, sections 5.5 and 10.1).
 */
export function readPublicKeys(content: Uint8Array): KeyBlock[] {
  if (content.length === 0) throw new RangeError('the file is empty');
  const armoured = isArmoured(content);
  const text = armoured ? Buffer.from(content).toString('latin1') : '';
  if (text.includes('-----BEGIN PGP PRIVATE KEY BLOCK-----')) throw secret();
  const packets = readPackets(armoured ? dearmour('PGP PUBLIC KEY BLOCK', text) : content);
  const blocks: Packet[][] = [];
  for (const packet of packets) {
    if (SECRET_KEYS.has(packet.tag)) throw secret();
    if (packet.tag === PUBLIC_KEY) blocks.push([packet]);
    else if (packet.tag !== MARKER) companionsOf(blocks, packet).push(packet);
  }
  if (blocks.length === 0) throw new RangeError('there is no public key in it');
  return blocks.map(readBlock);
}

function companionsOf(blocks: readonly Packet[][], packet: Packet): Packet[] {
  const block = blocks.at(-1);
  if (block === undefined || !(packet.tag === PUBLIC_SUBKEY || COMPANIONS.has(packet.tag)))
    throw new RangeError(`an OpenPGP packet of type ${packet.tag} is no part of a public key`);
  return block;
}

function readBlock(packets: readonly Packet[]): KeyBlock {
  const keys = packets
    .filter(({ tag }) => tag === PUBLIC_KEY || tag === PUBLIC_SUBKEY)
    .map(({ body }) => readKey(body));
  const name = packets.find(({ tag }) => tag === USER_ID);
  return {
    fingerprint: keys[0]?.fingerprint ?? '',
    keys,
    name: name === undefined ? '' : Buffer.from(name.body).toString(),
    bytes: Buffer.concat(packets.map(({ bytes }) => bytes)),
  };
}

function readKey(body: Uint8Array): KeyMaterial {
  if (body[0] !== VERSION) throw new RangeError(`a key of version ${body[0]}, not ${VERSION}`);
  const created = readNumber(body, 1, 4);
  const length = Uint8Array.of(0x99, body.length >> 8, body.length & 0xff);
  const fingerprint = createHash('sha1').update(length).update(body).digest('hex').toUpperCase();
  if (!RSA.has(readNumber(body, 5, 1))) return { fingerprint, created };
  const { bits, value: modulus } = readInteger(body, 6);
  return { fingerprint, created, rsa: { bits, modulus } };
}

function secret(): RangeError {
  return new RangeError('this holds a secret key: what verifies is the public one alone');
}
