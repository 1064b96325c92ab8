import { expect, it } from 'vitest';
import { kubernetesServiceAddress } from '../../../src/kubernetes/pki/kubernetes-service-address.ts';

it.each([
  [['10.96.0.0/12'], '10.96.0.1'],
  [['10.96.0.77/12'], '10.96.0.1'],
  [['10.234.0.0/16', '10.99.0.0/24'], '10.234.0.1'],
  [['192.168.3.252/30'], '192.168.3.253'],
  [['fd00:1::/108'], 'fd00:1::1'],
])('first address of %j is %s', (subnets, address) => {
  expect(kubernetesServiceAddress(subnets)).toBe(address);
});

it.each([
  [[]],
  [['10.96.0.0']],
  [['10.96.0.0/']],
  [['10.96.0.0/31']],
  [['10.96.0.0/33']],
  [['10.96.0.0/x']],
  [['a/8']],
])('%j has none', (subnets) => {
  expect(() => kubernetesServiceAddress(subnets)).toThrow(/service subnet "[^"]*" is not a CIDR/);
});
