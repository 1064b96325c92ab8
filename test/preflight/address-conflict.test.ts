import { expect, test } from 'vitest';
import type { ObservedHost } from '../../src/facts/observed-host.ts';
import { runChecks } from '../../src/preflight/run-checks.ts';
import { healthySubject } from '../support/preflight/healthy-host.ts';

const CONTROL_PLANE = '10.200.1.11';
const OTHER = 'aa:1c:36:88:10:66';

/** What is found of conflicts when these answered for the address on the control plane. */
function found(heldBy: readonly string[] | null, change: Parameters<typeof healthySubject>[0] = () => {}) {
  const subject = healthySubject((draft) => {
    const { network } = draft.host;
    const others = network.addressProbes.filter(({ address }) => address !== CONTROL_PLANE);
    Object.assign(network, {
      addressProbes: [{ address: CONTROL_PLANE, device: 'eth0', heldBy }, ...others],
    } satisfies Partial<ObservedHost['network']>);
    change(draft);
  });
  return runChecks(subject, new Set()).flatMap(({ check, found: what }) =>
    check === 'address-conflict' ? [what] : [],
  );
}

test('an answer of the host itself, by another interface on the same link, is no conflict', () => {
  expect(found(['52:54:00:12:34:02'])).toEqual([]);
  expect(found(['52:54:00:12:34:02', OTHER])).toEqual([`${CONTROL_PLANE} is also held by ${OTHER}`]);
});

test('the endpoint may be on its way to another machine', () => {
  const withEndpoint: Parameters<typeof found>[1] = ({ host, configuration }) => {
    configuration.networks.controlPlane.endpoint = `${CONTROL_PLANE}:6443`;
    host.addresses.push('10.200.1.12');
  };
  expect(found([OTHER], withEndpoint)).not.toContainEqual(expect.stringContaining(CONTROL_PLANE));
});

test('where there is no ARP, or no cable, nobody needs to be asked', () => {
  const eth0 = (change: object): Parameters<typeof found>[1] => {
    return ({ host }) => Object.assign(host.network.interfaces.find(({ name }) => name === 'eth0') ?? {}, change);
  };
  expect(found(null, eth0({ mac: null }))).toEqual([]);
  expect(found(null, eth0({ up: false }))).toEqual([]);
  expect(found(null)).toEqual([`other machines could not be asked about ${CONTROL_PLANE}`]);
});
