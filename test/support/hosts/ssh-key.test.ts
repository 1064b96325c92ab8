import ssh2 from 'ssh2';
import { expect, test } from 'vitest';
import { generateSshKey } from './ssh-key.ts';

test('a key pair is one: the private half holds the public one, in the form of known_hosts', () => {
  const { privateKey, publicKey } = generateSshKey();
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) throw parsed;
  expect(publicKey).toBe(`ssh-ed25519 ${parsed.getPublicSSH().toString('base64')}`);
  expect(privateKey).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
});

test('a pair that cannot be read is not given', () => {
  const good = generateSshKey();
  const pairs = ['-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n', good.privateKey];
  const given = generateSshKey(() => ({ private: pairs.shift() ?? '', public: good.publicKey }));
  expect(given).toEqual(good);
});
