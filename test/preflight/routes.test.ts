import fc from 'fast-check';
import { expect, test } from 'vitest';
import { containsAddress, formatCidr, parseCidr } from '../../src/config/cidr.ts';
import { runChecks } from '../../src/preflight/run-checks.ts';
import { healthySubject } from '../support/preflight/healthy-host.ts';

const SERVICES = '10.96.0.0/12';

function findingsWith(destinations: readonly string[], cni: 'calico' | 'none' = 'calico') {
  const subject = healthySubject(({ host, configuration }) => {
    configuration.networks.cni = cni;
    host.network.routes = destinations.map((destination) => ({
      destination,
      gateway: '10.200.1.1',
      device: 'eth0',
      type: 'unicast',
    }));
  });
  return runChecks(subject, new Set()).map(({ check }) => check);
}

test.each([[['10.96.0.0/12', '169.254.1.1/32']], [['10.0.0.0/8', '169.254.0.0/16']], [['0.0.0.0/1', '128.0.0.0/1']]])(
  'services are reached by %j',
  (routes) => {
    expect(findingsWith(routes)).toEqual([]);
  },
);

test('a route covers Services exactly when every one of their addresses is in some route', () => {
  const services = parseCidr(SERVICES) ?? { network: 0, prefix: 0 };
  const parts = fc.subarray(
    Array.from({ length: 8 }, (_, index) => ({ network: services.network + index * 2 ** 17, prefix: 15 })),
  );
  fc.assert(
    fc.property(parts, (routes) => {
      const reached = Array.from({ length: 8 }, (_, index) => services.network + index * 2 ** 17 + 5).every((address) =>
        routes.some((route) => containsAddress(route, address)),
      );
      expect(findingsWith(['169.254.1.1/32', ...routes.map(formatCidr)]).includes('service-route')).toBe(!reached);
    }),
  );
});

test('a route of the site that is wider than the network of pods is no conflict', () => {
  expect(findingsWith(['0.0.0.0/0', '10.0.0.0/8'])).toEqual([]);
  expect(findingsWith(['0.0.0.0/0', '10.233.0.0/16'])).toEqual(['pod-network']);
});

test('the gateway of pods is Calico’s: another network plugin has its own', () => {
  expect(findingsWith(['10.96.0.0/12'])).toEqual(['service-route']);
  expect(findingsWith(['10.96.0.0/12'], 'none')).toEqual([]);
});
