import { expect, test } from 'vitest';
import { readAddressProbes } from '../../src/facts/read-address-probes.ts';
import { readForeignChains } from '../../src/facts/read-chains.ts';
import { readInterfaces } from '../../src/facts/read-interfaces.ts';
import { readHostAddresses, readResolver } from '../../src/facts/read-names.ts';
import { readRoutes } from '../../src/facts/read-routes.ts';
import { readSockets } from '../../src/facts/read-sockets.ts';
import { recorded } from './recorded.ts';

test('interfaces have their IPv4 addresses, and are up when a cable is in', () => {
  expect(readInterfaces(recorded('ip-address', 'el9'))).toEqual([
    { name: 'lo', up: true, mtu: 65536, mac: null, addresses: ['127.0.0.1/8'] },
    { name: 'ens192', up: true, mtu: 1500, mac: '00:50:56:8a:12:01', addresses: [] },
    { name: 'ens224', up: false, mtu: 1500, mac: '00:50:56:8a:12:02', addresses: ['10.9.0.4/16'] },
    {
      name: 'bond0.200',
      up: true,
      mtu: 9000,
      mac: '00:50:56:8a:12:01',
      addresses: ['10.200.1.11/24', '10.200.1.100/32'],
    },
    { name: 'tunl0', up: false, mtu: 1480, mac: null, addresses: [] },
  ]);
  expect(readInterfaces(recorded('ip-address', 'double')).map(({ name }) => name)).toEqual(['lo', 'eth0']);
  expect(readInterfaces(null)).toEqual([]);
});

test('routes have a destination, also those to a host, to nowhere, or by several ways', () => {
  expect(readRoutes(recorded('ip-route', 'el9'))).toEqual([
    { destination: '0.0.0.0/0', gateway: '10.200.1.1', device: 'bond0.200', type: 'unicast' },
    { destination: '10.96.0.0/16', gateway: null, device: null, type: 'unreachable' },
    { destination: '10.20.0.0/16', gateway: '10.200.1.2', device: 'bond0.200', type: 'unicast' },
    { destination: '10.20.0.0/16', gateway: '10.200.1.3', device: 'bond0.200', type: 'unicast' },
    { destination: '10.200.1.0/24', gateway: null, device: 'bond0.200', type: 'unicast' },
    { destination: '169.254.169.254/32', gateway: '10.200.1.1', device: 'bond0.200', type: 'unicast' },
  ]);
  expect(readRoutes(recorded('ip-route', 'double'))).toContainEqual({
    destination: '10.50.0.0/16',
    gateway: null,
    device: null,
    type: 'blackhole',
  });
  expect(readRoutes('')).toEqual([]);
});

test('a list where the kernel has objects is none of them', () => {
  const route = { dst: 'default', gateway: '10.0.0.1', dev: 'eth0', nexthops: [[]] };
  expect(readRoutes(JSON.stringify([[], route]))).toEqual([
    { destination: '0.0.0.0/0', gateway: '10.0.0.1', device: 'eth0', type: 'unicast' },
  ]);
});

test('sockets have an address, a port, and who holds them where that is told', () => {
  const shown = readSockets(recorded('ss', 'el8-docker')).map(
    ({ protocol, address, port, process }) => `${protocol} ${address} ${port} ${process?.name} ${process?.pid}`,
  );
  expect(shown).toEqual([
    'udp 127.0.0.1 323 chronyd 903',
    'udp 192.168.122.1 53 dnsmasq 1522',
    'tcp 0.0.0.0 22 sshd 1010',
    'tcp 0.0.0.0 80 nginx 1410',
    'tcp 127.0.0.1 2379 etcd 2201',
    'tcp 127.0.0.1 9099 a) \\"b 7',
    'tcp :: 22 sshd 1010',
    'tcp fe80::1 8080 undefined undefined',
    'tcp 0.0.0.0 2049 undefined undefined',
  ]);
  expect(readSockets(recorded('ss', 'double'))).toContainEqual({
    protocol: 'tcp',
    address: '127.0.0.1',
    port: 6443,
    process: { name: 'socat', pid: 590 },
  });
  expect(readSockets(recorded('ss', 'double'))).toContainEqual({
    protocol: 'tcp',
    address: '0.0.0.0',
    port: 10250,
    process: { name: 'socat', pid: 592 },
  });
});

test('chains of others are those of Kubernetes, Docker and network plugins', () => {
  expect(readForeignChains(recorded('iptables-save', 'docker-and-kubernetes'))).toEqual([
    'DOCKER',
    'DOCKER-ISOLATION-STAGE-1',
    'KUBE-FORWARD',
    'KUBE-KUBELET-CANARY',
    'CNI-HOSTPORT-DNAT',
    'cali-INPUT',
    'FLANNEL-FWD',
    'table kube-proxy',
  ]);
  expect(readForeignChains(recorded('iptables-save', 'double'))).toEqual(['cali-FORWARD', 'KUBE-SERVICES']);
  expect(readForeignChains('')).toEqual([]);
  expect(readForeignChains(null)).toBeNull();
});

test('name servers and search domains are those in effect', () => {
  expect(readResolver(recorded('resolv.conf', 'el9'))).toEqual({
    nameServers: ['10.200.1.2', '10.200.1.3', 'fd00::53'],
    searchDomains: ['example.com', 'lab.example.com'],
  });
  expect(readResolver('search a b\ndomain c\n')).toEqual({ nameServers: [], searchDomains: ['c'] });
  expect(readResolver(null)).toEqual({ nameServers: null, searchDomains: [] });
});

test('a name has each of its addresses once', () => {
  expect(readHostAddresses(recorded('getent', 'double'))).toEqual(['172.29.1.11']);
  expect(readHostAddresses(recorded('getent', 'own-name-on-loopback'))).toEqual(['127.0.1.1', '10.200.1.11']);
  expect(readHostAddresses(null)).toEqual([]);
});

test('an address is held by whoever answers for it; nobody was asked when nothing was sent', () => {
  const fields = [
    ['ta', '10.77.0.1', recorded('arping', 'held')],
    ['ta', '10.77.0.5', recorded('arping', 'not-held')],
    ['tb', '10.77.0.1', recorded('arping', 'no-carrier')],
    ['tc', '10.77.0.9', ''],
    ['td', '10.77.0.2', recorded('arping', 'held')],
    ['te', '10.77.0.1', recorded('arping', 'held').replace('Unicast reply', 'Broadcast request')],
  ].flat();
  expect(readAddressProbes(fields)).toEqual([
    { address: '10.77.0.1', device: 'ta', heldBy: ['aa:1c:36:88:10:66'] },
    { address: '10.77.0.5', device: 'ta', heldBy: [] },
    { address: '10.77.0.1', device: 'tb', heldBy: null },
    { address: '10.77.0.9', device: 'tc', heldBy: null },
    { address: '10.77.0.2', device: 'td', heldBy: [] },
    { address: '10.77.0.1', device: 'te', heldBy: ['aa:1c:36:88:10:66'] },
  ]);
  expect(readAddressProbes([])).toEqual([]);
});
