import { expect, test } from 'vitest';
import { dearmour } from '../../../src/disc/openpgp/armour.ts';
import { readPublicKeys } from '../../../src/disc/openpgp/public-key.ts';
import {
  edwardsFingerprint,
  edwardsKey,
  fingerprint,
  KEY_CREATED,
  publicKey,
  publicKeyWithSubkey,
  sha256Signature,
  subkeyFingerprint,
} from './fixtures/openpgp.ts';

const binary = dearmour('PGP PUBLIC KEY BLOCK', publicKey);

test('reads fingerprint, strength, date and name, armoured or binary', () => {
  const expected = {
    fingerprint,
    name: 'Fixture <fixture@metalk8s.test>',
    keys: [{ fingerprint, created: KEY_CREATED, rsa: { bits: 3072, modulus: expect.any(BigInt) } }],
    bytes: Buffer.from(binary),
  };
  expect(readPublicKeys(Buffer.from(publicKey))).toEqual([expected]);
  expect(readPublicKeys(binary)).toEqual([expected]);
});

test('reads subkeys', () => {
  const [block] = readPublicKeys(Buffer.from(publicKeyWithSubkey));
  expect(block?.fingerprint).toBe(fingerprint);
  expect(block?.keys.map((key) => [key.fingerprint, key.rsa?.bits])).toEqual([
    [fingerprint, 3072],
    [subkeyFingerprint, 3072],
  ]);
});

test('tells several keys apart', () => {
  const blocks = readPublicKeys(Buffer.from(publicKey + edwardsKey));
  expect(blocks.map((block) => block.fingerprint)).toEqual([fingerprint, edwardsFingerprint]);
  expect(blocks[1]?.keys[0]).not.toHaveProperty('rsa');
  expect(Buffer.concat(blocks.map(({ bytes }) => bytes))).toEqual(
    Buffer.from(dearmour('PGP PUBLIC KEY BLOCK', publicKey + edwardsKey)),
  );
});

test.each([
  ['an empty file', Buffer.of(), 'the file is empty'],
  ['text', Buffer.from('ssh-rsa AAAA'), 'there is no PGP PUBLIC KEY BLOCK'],
  ['a signature', Buffer.from(sha256Signature), 'this is a PGP SIGNATURE, not a PGP PUBLIC KEY BLOCK'],
  ['an armoured secret key', Buffer.from('-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n'), 'holds a secret key'],
  ['a secret key', Buffer.of(0x95, 0, 1, 4), 'holds a secret key'],
  ['a binary signature', Buffer.from(dearmour('PGP SIGNATURE', sha256Signature)), 'type 2 is no part of a public key'],
  ['a marker alone', Buffer.of(0xca, 3, 0x50, 0x47, 0x50), 'there is no public key in it'],
  ['a literal', Buffer.concat([binary, Buffer.of(0xcb, 1, 0)]), 'type 11 is no part of a public key'],
  ['a cut key', Buffer.from(binary.subarray(0, 300)), 'is cut off'],
  ['a key of version 6', Buffer.of(0x99, 0, 6, 6, 0, 0, 0, 0, 1), 'a key of version 6, not 4'],
  ['a stream', Buffer.of(0xc6, 224, 4), 'partial length'],
  ['a packet without end', Buffer.of(0x9b, 4), 'unknown length'],
])('refuses %s', (_what, content, message) => {
  expect(() => readPublicKeys(content)).toThrow(RangeError);
  expect(() => readPublicKeys(content)).toThrow(message);
});
