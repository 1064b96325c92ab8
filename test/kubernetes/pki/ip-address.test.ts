import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalIpAddress, formatIpAddress, parseIpAddress } from '../../../src/kubernetes/pki/ip-address.ts';

describe('canonicalIpAddress', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['::1', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['::', '::'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8::1:0:0:0', '2001:db8:0:0:1::'],
    ['fe80:0:1:0:1:0:1:0', 'fe80:0:1:0:1:0:1:0'],
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalIpAddress(text)).toBe(canonical);
  });

  it.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.1/24',
    'cp1',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8:9',
    'fe80::1%eth0',
    '::10.0.0.256',
    '10.0.0.1::',
    '::12345',
  ])('%j is no address', (text) => {
    expect(canonicalIpAddress(text)).toBeUndefined();
  });

  it('agrees with Node.js on what is an address', () => {
    const alphabet = fc.constantFrom('0', '1', '9', 'a', 'F', ':', '::', '.', '255', '10.0.0.1', 'ffff', 'g');
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        expect(parseIpAddress(text) !== undefined, text).toBe(isIP(text) !== 0);
      }),
      { numRuns: 5000 },
    );
  });

  it('reads back what it writes', () => {
    const bytes = fc.oneof(...[4, 16].map((length) => fc.uint8Array({ minLength: length, maxLength: length })));
    const sparse = bytes.map((all) => all.map((byte) => (byte < 170 ? 0 : byte)));
    fc.assert(
      fc.property(fc.oneof(bytes, sparse), (all) => {
        const text = formatIpAddress(all) ?? '';
        expect(parseIpAddress(text)).toEqual(all);
        if (all.length === 16) expect(text).toBe(new URL(`http://[${text}]`).hostname.slice(1, -1));
      }),
    );
  });

  it('has no text for other lengths', () => {
    expect(formatIpAddress(new Uint8Array(8))).toBeUndefined();
  });
});
