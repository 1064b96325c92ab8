import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IMAGE_HEADER_SIZE, parseImageHeader, renderImageHeader, signedText } from '../../src/disc/image-header.ts';
import { dearmour } from '../../src/disc/openpgp/armour.ts';
import { isMetalK8sError } from '../../src/errors/metalk8s-error.ts';
import { edwardsSignature, sha256Signature } from './openpgp/fixtures/openpgp.ts';

const values = { size: 2048 * 1000, sha256: 'ab'.repeat(32) };
const signed = renderImageHeader({ ...values, signature: sha256Signature });
const unsigned = renderImageHeader(values);
const text = Buffer.from(signed).toString('latin1');

test('is text, then zeros', () => {
  expect(signed).toHaveLength(IMAGE_HEADER_SIZE);
  expect(text.replace(/\0*$/, '')).toBe(`metalk8s-image 1\nsize 2048000\nsha256 ${values.sha256}\n${sha256Signature}`);
  expect(text.startsWith(signedText(values))).toBe(true);
});

test('what is rendered is read', () => {
  const size = fc.integer({ min: 17, max: 2 ** 40 }).map((sectors) => sectors * 2048);
  const sha256 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
  const signature = fc.option(fc.constant(sha256Signature), { nil: undefined });
  fc.assert(
    fc.property(size, sha256, signature, (...given) => {
      const [header] = [
        { size: given[0], sha256: given[1], ...(given[2] === undefined ? {} : { signature: given[2] }) },
      ];
      expect(parseImageHeader(renderImageHeader(header), 'x')).toEqual(header);
    }),
  );
});

test('a signature may come binary', () => {
  const signature = dearmour('PGP SIGNATURE', sha256Signature);
  expect(renderImageHeader({ ...values, signature })).toEqual(signed);
});

test('bits of it are covered: refused, or other values or another signature are read', () => {
  const flips = [signed, unsigned].flatMap((header) => {
    const used = header.indexOf(0) * 8;
    const everyUsed = Array.from({ length: used + 16 }, (_, bit) => bit).filter((bit) => bit < 900 || bit % 3 === 0);
    const someZeros = Array.from({ length: 500 }, (_, index) => used + 16 + index * 509);
    return [...everyUsed, ...someZeros].filter((bit) => bit < IMAGE_HEADER_SIZE * 8).map((bit) => ({ header, bit }));
  });
  for (const { header, bit } of flips) {
    const changed = Uint8Array.from(header);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const read = readOrRefused(changed);
    if (read !== undefined) expect(read, `bit ${bit}`).not.toEqual(readOrRefused(header));
  }
});

function readOrRefused(header: Uint8Array) {
  try {
    return parseImageHeader(header, 'x');
  } catch (error) {
    if (isMetalK8sError(error) && error.code === 'VERIFICATION_FAILED') return undefined;
    throw error;
  }
}

test.each([
  ['an empty file', new Uint8Array(0), 'this is no archive of metalk8s'],
  ['an ISO of someone else', new Uint8Array(IMAGE_HEADER_SIZE), 'this is no archive of metalk8s'],
  ['a cut header', signed.subarray(0, 5000), 'the header of the image is damaged'],
  ['another version', replaced('image 1', 'image 2'), 'the header of the image is damaged'],
  ['a leading zero', replaced('size 2048000', 'size 0204800'), 'the header of the image is damaged'],
  [
    'a size that is not of whole sectors',
    replaced('size 2048000', 'size 2048001'),
    'the header of the image is damaged',
  ],
  ['capital digits', replaced('abab', 'ABab'), 'the header of the image is damaged'],
  [
    'a signature of another type',
    replaced(sha256Signature, edwardsSignature),
    'the header of the image is damaged: a signature',
  ],
  ['a comment', replaced('SIGNATURE-----\n\n', 'SIGNATURE-----\nComment: x\n\n'), 'the header of the image is damaged'],
  ['text after the signature', replaced('-----\n\0', '-----\nx'), 'the header of the image is damaged'],
  ['text after zeros', replaced('\0\0\0\0', '\0\0x\0'), 'the header of the image is damaged'],
])('refuses %s', (_what, header, message) => {
  expect(() => parseImageHeader(header, '/media/x.iso')).toThrow(
    expect.objectContaining({ code: 'VERIFICATION_FAILED', where: '/media/x.iso' }),
  );
  expect(() => parseImageHeader(header, '/media/x.iso')).toThrow(message);
});

test.each([
  ['a size that is not of whole sectors', { ...values, size: 2_048_001 }],
  ['a size of the header alone', { ...values, size: IMAGE_HEADER_SIZE }],
  ['no sum', { ...values, sha256: '' }],
  ['a signature that cannot stand there', { ...values, signature: edwardsSignature }],
])('renders none for %s', (_what, header) => {
  expect(() => renderImageHeader(header)).toThrow(RangeError);
});

function replaced(part: string, by: string): Uint8Array {
  const changed = text.replace(part, by);
  return Buffer.from(changed.padEnd(IMAGE_HEADER_SIZE, '\0'), 'latin1').subarray(0, IMAGE_HEADER_SIZE);
}
