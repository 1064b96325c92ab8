import { expect, test } from 'vitest';
import { freeHostNumber, hostNames, planeNames, SLOTS, slotsClearOf } from './addresses.ts';

test('a network has a subnet a plane, with the machine first in it', () => {
  expect(planeNames(3, 1).map(({ subnet }) => subnet)).toEqual(['172.29.3.0/24']);
  expect(planeNames(3, 2).map(({ subnet, machineAddress }) => [subnet, machineAddress])).toEqual([
    ['172.29.3.0/24', '172.29.3.1'],
    ['172.30.3.0/24', '172.30.3.1'],
  ]);
});

test('a host has an address a plane, all its own', () => {
  const { ports } = hostNames({ slot: 3, planes: 2, number: 11 });
  expect(ports).toEqual([
    { plane: 0, port: 'h11p0', device: 'eth0', address: '172.29.3.11', mac: '02:6d:38:03:00:0b' },
    { plane: 1, port: 'h11p1', device: 'eth1', address: '172.30.3.11', mac: '02:6d:38:03:01:0b' },
  ]);
});

test('no name is longer than the kernel allows for a link', () => {
  const links = [
    ...planeNames(254, 2).flatMap(({ bridge, machineLink, machinePort }) => [bridge, machineLink, machinePort]),
    ...hostNames({ slot: 254, planes: 2, number: 253 }).ports.map(({ port }) => port),
  ];
  expect(Math.max(...links.map((name) => name.length))).toBeLessThanOrEqual(15);
});

test.each([
  { taken: [], free: 11 },
  { taken: [11, 12], free: 13 },
  { taken: [12, 11, 14], free: 13 },
])('with hosts $taken the next one is $free', ({ taken, free }) => {
  expect(freeHostNumber(taken)).toBe(free);
});

test('a full network says so', () => {
  const all = Array.from({ length: 243 }, (_, index) => index + 11);
  expect(() => freeHostNumber(all)).toThrow('at most 243 hosts');
});

test.each([
  { used: ['10.0.0.0/8', '192.168.1.0/24', '169.254.0.0/16'], lost: [] },
  { used: ['172.29.1.0/24'], lost: [1] },
  { used: ['172.30.2.77', '172.29.5.128/25'], lost: [2, 5] },
  { used: ['172.29.4.0/22'], lost: [4, 5, 6, 7] },
  { used: ['172.16.0.0/12'], lost: SLOTS },
  { used: ['0.0.0.0/0'], lost: SLOTS },
])('slots that share addresses with $used are not used', ({ used, lost }) => {
  const clear = slotsClearOf(used);
  expect(SLOTS.filter((slot) => !clear.includes(slot))).toEqual(lost);
});
