import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSize } from '../../../src/build/disc/parse-size.ts';
import { partSums, planPieces, sharesOf } from '../../../src/build/disc/pieces.ts';

test.each([
  ['4294967295', 4_294_967_295],
  ['4G', 4_294_967_296],
  ['700M', 734_003_200],
  ['700MiB', 734_003_200],
  ['2048k', 2_097_152],
  [' 1T ', 1_099_511_627_776],
])('%j is a size', (text, size) => {
  expect(parseSize(text)).toBe(size);
});

test.each(['', 'G', '4.5G', '-1G', '4GB', '0x1000000', '1e9', '99999999T', '1023K', '0', '4 G', '4G\n5'])(
  '%j is no size of parts',
  (text) => {
    expect(() => parseSize(text)).toThrow(RangeError);
  },
);

test('whatever is written where, the parts joined are the image', () => {
  const writes = fc.array(fc.nat(40), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(writes, fc.integer({ min: 1, max: 50 }), (lengths, split) => {
      const size = lengths.reduce((sum, length) => sum + length, 1);
      const image = Buffer.from(Array.from({ length: size }, (_, index) => index % 251));
      const pieces = planPieces('x.iso', size, split);
      const files = pieces.map((piece) => Buffer.alloc(piece.size, 255));
      let position = 0;
      for (const length of [...lengths, 1]) {
        for (const { piece, offset, bytes } of sharesOf(pieces, image.subarray(position, position + length), position))
          files[piece]?.set(bytes, offset);
        position += length;
      }
      expect(Buffer.concat(files)).toEqual(image);
      expect(pieces.every((piece) => piece.size <= split && piece.size > 0)).toBe(true);
    }),
  );
});

test('parts are named so that a shell joins them in their order, and there is no thousandth', () => {
  expect(planPieces('x.iso', 10, undefined)).toEqual([{ name: 'x.iso', start: 0, size: 10 }]);
  const names = planPieces('x.iso', 999, 1).map(({ name }) => name);
  expect([...names].sort()).toEqual(names);
  expect(() => planPieces('x.iso', 1000, 1)).toThrow('1000 parts, and at most 999 can be');
});

test('the sums of parts are as sha256sum checks them', () => {
  expect(partSums(planPieces('x.iso', 3, 2), ['aa', 'bb'])).toBe('aa  x.iso.001\nbb  x.iso.002\n');
});
