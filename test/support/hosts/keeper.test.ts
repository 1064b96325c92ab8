import { expect, test } from 'vitest';
import { hostNames } from './addresses.ts';
import { addressBatch, nspawnArguments, plugBatch } from './keeper.ts';

const names = hostNames({ slot: 3, planes: 2, number: 11 });
const options = { name: 'one', kind: 'el9-double' } as const;

test('each plane gets a cable into its own bridge', () => {
  expect(plugBatch(names)).toBe(
    [
      'link add h11p0 type veth peer name eth0 address 02:6d:38:03:00:0b netns HOLDER',
      'link set h11p0 master plane0 up',
      'link add h11p1 type veth peer name eth1 address 02:6d:38:03:01:0b netns HOLDER',
      'link set h11p1 master plane1 up',
      '',
    ].join('\n'),
  );
});

test('the host gets its addresses, and the gateway as its way to everywhere else', () => {
  expect(addressBatch(names, '172.29.3.254')).toBe(
    [
      'link set lo up',
      'addr add 172.29.3.11/24 dev eth0',
      'link set eth0 up',
      'addr add 172.30.3.11/24 dev eth1',
      'link set eth1 up',
      'route add default via 172.29.3.254',
      '',
    ].join('\n'),
  );
});

test('machines are named by slot and number, so that hosts of one name in two networks do not meet', () => {
  expect(nspawnArguments(names, options)).toEqual(expect.arrayContaining(['--machine=mk8s3-h11', '--hostname=one']));
});

test('no host may set the clock', () => {
  expect(nspawnArguments(names, options)).toContain('--drop-capability=CAP_SYS_TIME');
});

test('binds are read-only, and colons in their paths are no separators', () => {
  const binds = [{ source: '/a:b\\c', target: '/srv/disc' }];
  expect(nspawnArguments(names, { ...options, binds })).toContain('--bind-ro=/a\\:b\\\\c:/srv/disc');
});

test.each(['relative', '/with\nnewline'])('a bind of %j is refused', (source) => {
  expect(() => nspawnArguments(names, { ...options, binds: [{ source, target: '/x' }] })).toThrow('absolute paths');
});
