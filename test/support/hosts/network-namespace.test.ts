import { expect, test } from 'vitest';
import { bridgeBatch, machineLinkBatch, machinePortBatch } from './network-namespace.ts';

test('a network of two planes has two bridges, a gateway to nowhere, and a link of the machine into each', () => {
  expect(bridgeBatch(7, 2)).toBe(
    [
      'link add plane0 type bridge stp_state 0 forward_delay 0',
      'link set plane0 up',
      'link add plane1 type bridge stp_state 0 forward_delay 0',
      'link set plane1 up',
      'addr add 172.29.7.254/24 dev plane0',
      'route add unreachable default',
      '',
    ].join('\n'),
  );
  expect(machineLinkBatch(7, 2)).toBe(
    [
      'link add mk8s7p0 type veth peer name machine0 netns mk8s7',
      'addr add 172.29.7.1/24 dev mk8s7p0',
      'link set mk8s7p0 up',
      'link add mk8s7p1 type veth peer name machine1 netns mk8s7',
      'addr add 172.30.7.1/24 dev mk8s7p1',
      'link set mk8s7p1 up',
      '',
    ].join('\n'),
  );
  expect(machinePortBatch(7, 2)).toBe('link set machine0 master plane0 up\nlink set machine1 master plane1 up\n');
});
