import { BlockList, isIPv4 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressAt,
  addressCount,
  containsAddress,
  formatAddress,
  formatCidr,
  overlap,
  parseAddress,
  parseCidr,
} from '../../src/config/cidr.ts';

const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const prefix = fc.integer({ min: 0, max: 32 });
const cidr = fc
  .tuple(address, prefix)
  .map(([number, length]) => ({ network: number - (number % addressCount(length)), prefix: length }));

/** A network small enough to count its addresses one by one, near others like it. */
const small = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 32 }))
  .map(([last, length]) => ({ network: last - (last % addressCount(length)), prefix: length }));

describe('addresses', { timeout: 60_000 }, () => {
  it.each(['0.0.0.0', '10.200.1.17', '255.255.255.255'])('reads %s', (text) => {
    expect(formatAddress(parseAddress(text) ?? -1)).toBe(text);
  });

  it.each([
    '',
    '10',
    '10.0.0',
    '10.0.0.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '0x0a.0.0.1',
    '10.0.0.1 ',
    '1e1.0.0.1',
    '-1.0.0.0',
    '١.0.0.0',
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('reads what it writes, and agrees with Node.js on what an address is', () => {
    fc.assert(
      fc.property(address, (number) => {
        expect(parseAddress(formatAddress(number))).toBe(number);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9.]{1,15}$/), (text) => {
        expect(parseAddress(text) !== undefined).toBe(isIPv4(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('networks', { timeout: 60_000 }, () => {
  it.each([
    ['10.200.1.17/24', '10.200.1.0/24'],
    ['255.255.255.255/0', '0.0.0.0/0'],
    ['192.168.0.1/32', '192.168.0.1/32'],
    ['172.31.255.255/12', '172.16.0.0/12'],
  ])('clears the host bits of %s', (text, expected) => {
    const parsed = parseCidr(text);
    expect(parsed && formatCidr(parsed)).toBe(expected);
  });

  it.each(['10.0.0.0', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/-1', '10.0.0.0/8/8', '/8', 'fd00::/64'])(
    'refuses %j',
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );

  it('reads what it writes', () => {
    fc.assert(
      fc.property(cidr, (one) => {
        expect(parseCidr(formatCidr(one))).toEqual(one);
      }),
    );
  });

  it('contains the addresses that Node.js says it contains', () => {
    fc.assert(
      fc.property(cidr, address, (one, number) => {
        const list = new BlockList();
        list.addSubnet(formatAddress(one.network), one.prefix);
        expect(containsAddress(one, number)).toBe(list.check(formatAddress(number)));
      }),
    );
  });

  it('overlaps when one by one an address is found in both', () => {
    fc.assert(
      fc.property(small, small, (one, other) => {
        const shared = addressesOf(one).some((number) => addressesOf(other).includes(number));
        expect(overlap(one, other)).toBe(shared);
        expect(overlap(other, one)).toBe(shared);
      }),
      { numRuns: 1000 },
    );
  });

  it('counts addresses from the lowest and ends at the last', () => {
    fc.assert(
      fc.property(small, fc.integer({ min: 0, max: 300 }), (one, index) => {
        expect(addressAt(one, index)).toBe(addressesOf(one)[index]);
      }),
    );
  });
});

function addressesOf(one: { network: number; prefix: number }): number[] {
  return Array.from({ length: addressCount(one.prefix) }, (_, index) => one.network + index);
}
