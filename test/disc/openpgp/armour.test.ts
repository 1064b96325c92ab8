import fc from 'fast-check';
import { expect, test } from 'vitest';
import { armour, dearmour, isArmoured } from '../../../src/disc/openpgp/armour.ts';
import { publicKey, sha256Signature } from './fixtures/openpgp.ts';

const SIGNATURE = 'PGP SIGNATURE';

test('armour is what GnuPG writes', () => {
  expect(armour(SIGNATURE, dearmour(SIGNATURE, sha256Signature))).toBe(sha256Signature);
  expect(armour('PGP PUBLIC KEY BLOCK', dearmour('PGP PUBLIC KEY BLOCK', publicKey))).toBe(publicKey);
});

test('whatever is armoured comes back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (content) => {
      expect(Uint8Array.from(dearmour(SIGNATURE, armour(SIGNATURE, content)))).toEqual(content);
    }),
  );
});

test('a changed character of the base64 is noticed', () => {
  const body = sha256Signature.indexOf('\n\n') + 2;
  const end = sha256Signature.indexOf('\n-----END');
  fc.assert(
    fc.property(fc.integer({ min: body, max: end - 1 }), fc.constantFrom(...'AZaz09+/-!='), (position, character) => {
      fc.pre(sha256Signature[position] !== '\n' && sha256Signature[position] !== character);
      const changed = `${sha256Signature.slice(0, position)}${character}${sha256Signature.slice(position + 1)}`;
      expect(() => dearmour(SIGNATURE, changed)).toThrow(RangeError);
    }),
  );
});

const content = Buffer.from(dearmour(SIGNATURE, sha256Signature)).toString('base64');
test.each([
  ['text around it', `Here it is:\n${sha256Signature}\nRegards\n`],
  ['carriage returns', sha256Signature.replaceAll('\n', '\r\n')],
  ['headers', sha256Signature.replace('\n\n', '\nVersion: GnuPG v1\nComment: none\n\n')],
  ['no checksum', sha256Signature.replace(/\n=.*/, '')],
  ['blanks at ends of lines', sha256Signature.replaceAll('\n', ' \n')],
])('reads armour with %s', (_what, text) => {
  expect(Buffer.from(dearmour(SIGNATURE, text)).toString('base64')).toBe(content);
});

test.each([
  ['a wrong checksum', sha256Signature.replace(/\n=..../, '\n=AAAA'), 'the checksum of the armour is wrong'],
  ['no base64', sha256Signature.replace('\n\n', '\n\n!'), 'the armour is not base64'],
  ['another type', publicKey, 'this is a PGP PUBLIC KEY BLOCK, not a PGP SIGNATURE'],
  ['nothing', '', 'there is no PGP SIGNATURE'],
  ['no end', sha256Signature.replace(/-----END.*/, ''), 'there is no PGP SIGNATURE'],
  ['the end of another type', sha256Signature.replace('END PGP SIGNATURE', 'END PGP MESSAGE'), 'there is no PGP'],
])('refuses armour with %s', (_what, text, message) => {
  expect(() => dearmour(SIGNATURE, text)).toThrow(message);
});

test('several keys may stand in one text', () => {
  const once = dearmour('PGP PUBLIC KEY BLOCK', publicKey);
  expect(dearmour('PGP PUBLIC KEY BLOCK', publicKey + publicKey)).toHaveLength(2 * once.length);
});

test('a binary file is told from text by its first bit', () => {
  expect(isArmoured(Buffer.from(sha256Signature))).toBe(true);
  expect(isArmoured(dearmour(SIGNATURE, sha256Signature))).toBe(false);
});
