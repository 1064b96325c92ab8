import { expect, test } from 'vitest';
import { parseHostsCommand } from './command-line.ts';

test.each([
  { args: [], command: { verb: 'help' } },
  { args: ['--help'], command: { verb: 'help' } },
  { args: ['up', '--help'], command: { verb: 'help' } },
  { args: ['up'], command: { verb: 'up', count: 1, kind: 'el9-double', planes: 1, binds: [], disc: false } },
  {
    args: ['up', '3', '--kind', 'debian12', '--planes=2', '--disk', '20', '--bind', '/a:/b', '--bind', '/c:/d'],
    command: {
      verb: 'up',
      count: 3,
      kind: 'debian12',
      planes: 2,
      diskGiB: 20,
      binds: [
        { source: '/a', target: '/b' },
        { source: '/c', target: '/d' },
      ],
      disc: false,
    },
  },
  {
    args: ['up', '--disc', '--name', 'site1'],
    command: { verb: 'up', count: 1, kind: 'el9-double', planes: 1, binds: [], disc: true, name: 'site1' },
  },
  { args: ['list'], command: { verb: 'list' } },
  { args: ['ssh', 'node1'], command: { verb: 'ssh', name: 'node1', command: [] } },
  { args: ['ssh', 'node1', 'ls', '--help'], command: { verb: 'ssh', name: 'node1', command: ['ls', '--help'] } },
  { args: ['down'], command: { verb: 'down' } },
  { args: ['down', 'node1'], command: { verb: 'down', name: 'node1' } },
])('hosts $args', ({ args, command }) => {
  expect(parseHostsCommand(args)).toEqual(command);
});

test.each([
  { args: ['boot'], problem: 'there is no "boot"' },
  { args: ['ssh'], problem: 'ssh needs the name of a host' },
  { args: ['list', 'node1'], problem: 'list does not take "node1"' },
  { args: ['down', 'node1', 'node2'], problem: 'down does not take "node2"' },
  { args: ['up', '0'], problem: 'the number of hosts is a whole number' },
  { args: ['up', '2', '3'], problem: 'up takes one number' },
  { args: ['up', '--kind', 'el8'], problem: '--kind is el9-double or debian12, not "el8"' },
  { args: ['up', '--planes', '3'], problem: '--planes is 1 or 2' },
  { args: ['up', '--disk', 'big'], problem: '--disk is a whole number' },
  { args: ['up', '--bind', '/a'], problem: '--bind is SOURCE:TARGET' },
  { args: ['up', '--bind', '/a:b'], problem: '--bind is SOURCE:TARGET' },
  { args: ['up', '2', '--name', 'site1'], problem: '--name is for one host' },
  { args: ['up', '--kind', 'debian12', '--disc'], problem: '--disc is for hosts of the kind el9-double' },
  { args: ['up', '--cpus', '2'], problem: "Unknown option '--cpus'" },
])('hosts $args is refused', ({ args, problem }) => {
  expect(() => parseHostsCommand(args)).toThrow(problem);
});
