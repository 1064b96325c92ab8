import { expect, it } from 'vitest';
import { bits, readDer } from './read-der.ts';

it('reads elements one after the other, with short and long lengths', () => {
  const long = Buffer.alloc(300, 1);
  const elements = readDer(Buffer.concat([Buffer.from([0x02, 1, 7, 0x04, 0x82, 0x01, 0x2c]), long]));
  expect(elements.map(({ tag, content }) => [tag, content.length])).toEqual([
    [0x02, 1],
    [0x04, 300],
  ]);
});

it('refuses an element that is longer than what holds it', () => {
  expect(() => readDer(Buffer.from([0x02, 5, 7]))).toThrow('DER element at 0 is longer than what holds it');
});

it.each([
  [
    [0x03, 2, 5, 0xa0],
    [0, 2],
  ],
  [
    [0x03, 2, 2, 0xa4],
    [0, 2, 5],
  ],
  [
    [0x03, 3, 7, 0x01, 0x80],
    [7, 8],
  ],
])('reads the bit string %j as bits %j', (bytes, expected) => {
  expect(bits(Buffer.from(bytes))).toEqual(expected);
});

it('refuses what is no bit string', () => {
  expect(() => bits(Buffer.from([0x04, 1, 0]))).toThrow('not a DER bit string');
});
