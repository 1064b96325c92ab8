import { expect, test } from 'vitest';
import { planeAddress } from '../../src/facts/plane-address.ts';

const host = { hostname: 'cp1', addresses: ['192.0.2.7', '10.200.1.11', '10.200.1.12', '10.201.0.1'] };

test('is the first of the host’s addresses in any of the networks', () => {
  expect(planeAddress(host, ['10.200.1.0/24'], 'networks.controlPlane')).toBe('10.200.1.11');
  expect(planeAddress(host, ['10.201.0.0/16', '10.200.1.12/32'], 'networks.controlPlane')).toBe('10.200.1.12');
});

test.each([
  [host, 'cp1 has no address in 10.9.0.0/16: it has 192.0.2.7, 10.200.1.11, 10.200.1.12, 10.201.0.1'],
  [{ hostname: 'cp1', addresses: [] }, 'cp1 has no address in 10.9.0.0/16: it has none'],
])('names what it looked at when there is none', (given, message) => {
  expect(() => planeAddress(given, ['10.9.0.0/16'], 'networks.controlPlane')).toThrow(message);
});
