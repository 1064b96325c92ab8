import { expect, it } from 'vitest';
import { inSharedNetwork } from './run-static-pod.ts';

const COMMAND = [
  'etcd',
  '--feature-gates=InitialCorruptCheck=true',
  '--listen-client-urls=https://127.0.0.1:2379,https://10.0.0.12:2379',
  '--listen-metrics-urls=http://127.0.0.1:2381',
  '--name=cp2',
];

it('leaves the loopback address to the first host', () => {
  const gates = '--feature-gates=InitialCorruptCheck=true,SetMemberLocalAddr=true';
  expect(inSharedNetwork(COMMAND, true)).toEqual(['etcd', ...COMMAND.slice(2), gates]);
  expect(inSharedNetwork(COMMAND, false)).toEqual([
    'etcd',
    '--listen-client-urls=https://10.0.0.12:2379',
    '--name=cp2',
    gates,
  ]);
});

it('adds the gate where there was none', () => {
  expect(inSharedNetwork(['etcd'], true)).toEqual(['etcd', '--feature-gates=SetMemberLocalAddr=true']);
});
