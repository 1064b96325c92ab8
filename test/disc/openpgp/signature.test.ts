import { describe, expect, test } from 'vitest';
import { armour, dearmour } from '../../../src/disc/openpgp/armour.ts';
import { canonicalSignature, isCanonical, readSignature } from '../../../src/disc/openpgp/signature.ts';
import {
  edwardsSignature,
  fingerprint,
  publicKey,
  SIGNATURE_CREATED,
  sha1Signature,
  sha256Signature,
  sha384Signature,
  sha512Signature,
  signedContent,
  textSignature,
} from './fixtures/openpgp.ts';

const content = Buffer.from(signedContent);
const binary = dearmour('PGP SIGNATURE', sha256Signature);
/** Where things stand in the packet of this signature. */
const BODY = 3;
const HASHED = BODY + 6;
const UNHASHED_LENGTH = HASHED + 29;
const CHECK = UNHASHED_LENGTH + 2 + 10;
const NUMBER = CHECK + 2;

test('tells who signed, when, and over which hash', () => {
  expect(readSignature(Buffer.from(sha256Signature))).toMatchObject({
    issuer: fingerprint,
    hash: 'sha256',
    created: SIGNATURE_CREATED,
  });
  expect(readSignature(Buffer.from(sha512Signature))).toMatchObject({ issuer: fingerprint, hash: 'sha512' });
});

test('a signature by GnuPG is canonical as it is, armoured or binary', () => {
  for (const signature of [sha256Signature, sha512Signature]) {
    expect(canonicalSignature(Buffer.from(signature))).toBe(signature);
    expect(canonicalSignature(dearmour('PGP SIGNATURE', signature))).toBe(signature);
    expect(isCanonical(Buffer.from(signature), content)).toBe(true);
  }
});

describe('what no signature covers has one form', () => {
  const variants: readonly (readonly [string, Uint8Array])[] = [
    ['a header of the new format', withHeader(Uint8Array.of(0xc2, 0xff, 0, 0, ...binary.subarray(1, 3)))],
    ['a length of four octets', withHeader(Uint8Array.of(0x8a, 0, 0, ...binary.subarray(1, 3)))],
    ['no issuer beside the signed part', withUnhashed(Uint8Array.of())],
    ['another key id there', withUnhashed(Uint8Array.of(9, 16, 1, 2, 3, 4, 5, 6, 7, 8))],
    ['a notation there', withUnhashed(Uint8Array.of(9, 16, ...issuerId(), 3, 20, 1, 2))],
    ['the same, critical', withUnhashed(Uint8Array.of(9, 0x90, ...issuerId()))],
  ];
  test.each(variants)('%s', (_what, packet) => {
    const armoured = Buffer.from(armour('PGP SIGNATURE', packet));
    expect(canonicalSignature(armoured)).toBe(sha256Signature);
    expect(isCanonical(armoured, content)).toBe(false);
  });

  test.each([
    ['a comment', sha256Signature.replace('\n\n', '\nComment: x\n\n')],
    ['a blank', sha256Signature.replace('\n\n', '\n \n')],
    ['something before', `x\n${sha256Signature}`],
    ['something behind', `${sha256Signature}\n`],
    ['longer lines', sha256Signature.replace(/(\n[^\n]{64})\n([^\n]{64}\n)/, '$1$2')],
    ['no checksum', sha256Signature.replace(/\n=.*/, '')],
  ])('armour with %s', (_what, armoured) => {
    expect(canonicalSignature(Buffer.from(armoured))).toBe(sha256Signature);
    expect(isCanonical(Buffer.from(armoured), content)).toBe(false);
  });

  test('the two octets of the digest', () => {
    for (let bit = 0; bit < 16; bit++) expect(isCanonicalPacket(flipped(CHECK * 8 + bit))).toBe(false);
    expect(isCanonical(Buffer.from(sha256Signature), Buffer.from('other text\n'))).toBe(false);
  });
});

test('one flipped bit is refused, not canonical, or changes what gpgv judges', () => {
  const judged = judgedPart(binary);
  for (let bit = 0; bit < binary.length * 8; bit++) {
    const packet = flipped(bit);
    if (!isCanonicalPacket(packet)) continue;
    expect(judgedPart(packet).equals(judged), `bit ${bit}`).toBe(false);
  }
});

test.each([
  ['SHA-1', Buffer.from(sha1Signature), 'a signature over hash 2, neither SHA-256 nor SHA-512'],
  ['SHA-384', Buffer.from(sha384Signature), 'a signature over hash 9, neither SHA-256 nor SHA-512'],
  ['Ed25519', Buffer.from(edwardsSignature), 'a signature by public-key algorithm 22, not RSA'],
  ['a text document', Buffer.from(textSignature), 'a signature of type 1, not of a binary document'],
  ['a key', Buffer.from(publicKey), 'this is a PGP PUBLIC KEY BLOCK, not a PGP SIGNATURE'],
  ['a binary key', dearmour('PGP PUBLIC KEY BLOCK', publicKey), 'this is not one signature'],
  ['nothing', Buffer.from(''), 'there is no PGP SIGNATURE'],
  ['two signatures', Buffer.from(sha256Signature + sha512Signature), 'this is not one signature'],
  ['version 3', changed(BODY, 3), 'a signature of version 3, not 4'],
  ['version 6', changed(BODY, 6), 'a signature of version 6, not 4'],
  ['a cut packet', binary.subarray(0, -1), 'is cut off'],
  ['more hashed subpackets than there are', changed(HASHED - 2, 0xff), 'a signature is cut off'],
  ['a subpacket beyond its area', changed(HASHED, 60), 'a subpacket of a signature is cut off'],
  ['an empty subpacket', changed(HASHED, 0), 'a subpacket of a signature is cut off'],
  ['no signed fingerprint', changed(HASHED + 1, 34), 'does not sign the fingerprint of its issuer, once'],
  ['no signed date', changed(HASHED + 24, 3), 'does not sign the date, once'],
  ['a key of version 5', changed(HASHED + 2, 5), 'a signature by a key of version 5, not 4'],
  ['a number shorter than it says', changed(NUMBER + 1, 0xf8), 'an OpenPGP number has a wrong length'],
  ['something after the number', changed(NUMBER, 0), 'something follows the number'],
])('refuses %s', (_what, signature, message) => {
  expect(() => readSignature(signature)).toThrow(RangeError);
  expect(() => readSignature(signature)).toThrow(message);
});

function withHeader(header: Uint8Array): Uint8Array {
  return Buffer.concat([header, binary.subarray(BODY)]);
}

function withUnhashed(area: Uint8Array): Uint8Array {
  const body = [binary.subarray(BODY, UNHASHED_LENGTH), Uint8Array.of(0, area.length), area, binary.subarray(CHECK)];
  const packet = Buffer.concat(body);
  return Buffer.concat([Uint8Array.of(0x89, packet.length >> 8, packet.length & 0xff), packet]);
}

function issuerId(): Uint8Array {
  return Buffer.from(fingerprint.slice(-16), 'hex');
}

function changed(position: number, value: number): Uint8Array {
  const copy = Uint8Array.from(binary);
  copy[position] = value;
  return copy;
}

function flipped(bit: number): Uint8Array {
  const position = bit >> 3;
  return changed(position, (binary[position] ?? 0) ^ (1 << (bit & 7)));
}

/** As it would stand on a disc: in flawless armour of its own. */
function isCanonicalPacket(packet: Uint8Array): boolean {
  try {
    return isCanonical(Buffer.from(armour('PGP SIGNATURE', packet)), content);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What the signature signs of itself, and its number. */
function judgedPart(packet: Uint8Array): Buffer {
  return Buffer.concat([packet.subarray(0, UNHASHED_LENGTH), packet.subarray(NUMBER)]);
}
