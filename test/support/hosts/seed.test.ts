import { expect, test } from 'vitest';
import { seedFiles } from './seed.ts';

const files = seedFiles(
  {
    name: 'one',
    hostPrivateKey: 'HOST KEY\n',
    authorizedKey: 'ssh-ed25519 AAAA',
    nameServer: '172.29.1.254',
    neighbours: [
      { name: 'one', address: '172.29.1.11' },
      { name: 'two', address: '172.29.1.12' },
    ],
  },
  '0123456789abcdef0123456789abcdef',
);

test('a host knows its own name and those of its neighbours', () => {
  expect(files['etc/hostname']).toEqual({ content: 'one\n' });
  expect(files['etc/hosts']).toEqual({
    content: [
      '127.0.0.1 localhost',
      '::1 localhost',
      '# hosts of the test network',
      '172.29.1.11 one',
      '172.29.1.12 two',
      '# end of the hosts of the test network',
      '',
    ].join('\n'),
  });
});

test('a host asks the gateway for names', () => {
  expect(files['etc/resolv.conf']).toEqual({ content: 'nameserver 172.29.1.254\n' });
});

test('keys are for root only', () => {
  expect(files['etc/ssh/ssh_host_ed25519_key']).toEqual({ content: 'HOST KEY\n', mode: 0o600 });
  expect(files['root/.ssh/authorized_keys']).toEqual({ content: 'ssh-ed25519 AAAA\n', mode: 0o600 });
});
