import { expect, test } from 'vitest';
import { planeAddress } from '../../src/facts/plane-address.ts';

const host = { hostname: 'cp1', addresses: ['192.0.2.7', '10.200.1.11', '10.200.1.12', '10.201.0.1'] };
const planes = (cidr: readonly string[], endpoint?: string) => ({
  controlPlane: { cidr, ...(endpoint !== undefined && { endpoint }) },
  workloadPlane: { cidr, mtu: 1460 },
});

test('is the first of the host’s addresses in any of the networks', () => {
  expect(planeAddress(host, planes(['10.200.1.0/24']), 'controlPlane')).toBe('10.200.1.11');
  expect(planeAddress(host, planes(['10.201.0.0/16', '10.200.1.12/32']), 'controlPlane')).toBe('10.200.1.12');
});

test('is not the endpoint of the cluster, which may move, unless the host has no other', () => {
  for (const plane of ['controlPlane', 'workloadPlane'] as const) {
    expect(planeAddress(host, planes(['10.200.1.0/24'], '10.200.1.11:6443'), plane)).toBe('10.200.1.12');
    expect(planeAddress(host, planes(['10.201.0.0/16'], '10.201.0.1'), plane)).toBe('10.201.0.1');
    expect(planeAddress(host, planes(['10.200.1.0/24'], 'api.example.com'), plane)).toBe('10.200.1.11');
  }
});

test.each([
  [host, 'cp1 has no address in 10.9.0.0/16: it has 192.0.2.7, 10.200.1.11, 10.200.1.12, 10.201.0.1'],
  [{ hostname: 'cp1', addresses: [] }, 'cp1 has no address in 10.9.0.0/16: it has none'],
])('names what it looked at when there is none', (given, message) => {
  expect(() => planeAddress(given, planes(['10.9.0.0/16']), 'controlPlane')).toThrow(message);
});
