import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskCredentials } from '../../src/errors/mask-credentials.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const body = privateKey.split('\n')[1] ?? '';
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('what is masked', () => {
  test.each([
    ['a private key', `before\n${privateKey}after`, 'before\n[secret]\nafter'],
    ['one in JSON', JSON.stringify({ key: privateKey, a: 1 }), '{"key":"[secret]\\n","a":1}'],
    ['one that a log parted', privateKey.trim().replaceAll('\n', '\nOct 1 host: '), '[secret]'],
    ['one without its end', `x\n${privateKey.slice(0, 90)}`, 'x\n[secret]'],
    ['one without its beginning', `${privateKey.slice(40).trim()} x`, '[secret] x'],
    ['one of OpenPGP', '-----BEGIN PGP PRIVATE KEY BLOCK-----\nabc\n-----END PGP PRIVATE KEY BLOCK-----', '[secret]'],
    ['one in base64', `key: ${base64(privateKey)} rest`, 'key: [secret] rest'],
    ['a kubeconfig’s key', 'client-key-data: LS0tLS1CRUdJTiBFQyBQUklWQVRF', 'client-key-data: [secret]'],
    ['a token in YAML', 'user:\n  token: some-token_1\nnext: 1', 'user:\n  token: [secret]\nnext: 1'],
    ['words', 'password: correct horse battery', 'password: [secret]'],
    ['a quoted text', `password: "a 'b' \\" c" # x`, 'password: "[secret]" # x'],
    ['a text in single quotes', "secret: 'a b'", "secret: '[secret]'"],
    [
      'JSON',
      '{"apiKey":"abc","accessToken" : "d\\"e","n":1}',
      '{"apiKey":"[secret]","accessToken" : "[secret]","n":1}',
    ],
    ['JSON within JSON', '{\\"password\\":\\"a\\\\\\"b\\",\\"n\\":1}', '{\\"password\\":\\"[secret]\\",\\"n\\":1}'],
    ['a variable', 'PGPASSWORD=hunter2 psql', 'PGPASSWORD=[secret] psql'],
    ['an option', 'join --token abcd --discovery x', 'join --token [secret] --discovery x'],
    ['several lines', 'a:\n  password: |\n    one\n\n    two\n  b: 1\n', 'a:\n  password: |\n    [secret]\n  b: 1\n'],
    [
      'a variable of a container',
      '- name: DB_PASSWORD\n  value: x y\n- name: A\n',
      '- name: DB_PASSWORD\n  value: [secret]\n- name: A\n',
    ],
    ['the same in JSON', '{"name":"DB_PASSWORD","value":"x\\"y"}', '{"name":"DB_PASSWORD","value":"[secret]"}'],
    ['a password in an URL', 'http://ada:p@ss:w@proxy:3128/ x', 'http://ada:[secret]@proxy:3128/ x'],
    ['a bearer', 'Authorization: Bearer abc.def-123=', 'Authorization: Bearer [secret]'],
    ['a login of a registry', '{"auths":{"r":{"auth":"dXNlcjpwYXNz"}}}', '{"auths":{"r":{"auth":"[secret]"}}}'],
    [
      'one of containerd',
      '  auth = "dXNlcjpwYXNz"\n  X-Api-Key = ["abc"]',
      '  auth = "[secret]"\n  X-Api-Key = ["[secret]"]',
    ],
    ['one in YAML', 'r:\n  auth: dXNlcjpwYXNzd29yZA==\n', 'r:\n  auth: [secret]\n'],
    [
      'lines of dnf',
      'username = ada\npassword = a b;c\nproxy_password=d\ngpgcheck = 1\n',
      'username = ada\npassword = [secret]\nproxy_password=[secret]\ngpgcheck = 1\n',
    ],
    ['a JSON web token', 'got eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrOHMifQ.c2ln now', 'got [secret] now'],
    ['a token of kubeadm, but its id', 'use abcdef.0123456789abcdef now', 'use abcdef.[secret] now'],
  ])('%s', (_, text, masked) => {
    expect(maskCredentials(text)).toBe(masked);
  });
});

describe('what stays', () => {
  test.each([
    publicKey,
    `certificate-authority-data: ${base64('-----BEGIN CERTIFICATE-----\nMIIB\n')}`,
    'secretName: registry-tls\nsecret:\n  secretName: x',
    'automountServiceAccountToken: true',
    '- --service-account-private-key-file=/etc/kubernetes/pki/sa.key',
    'tokenFile: /var/run/token\nsources:\n- serviceAccountToken:\n    path: token',
    'https://10.200.1.11:6443/api/v1/pods?fieldSelector=spec.nodeName=node1',
    'Failed to start kubelet.service: Unit kubelet.service not found.',
    'password=',
  ])('%j', (text) => {
    expect(maskCredentials(text)).toBe(text);
  });
});

test('a key stays nowhere, whatever stands around it', () => {
  const around = fc.string({ unit: fc.constantFrom('-', '\n', ' ', 'a', ':', '"', 'KEY', '-----', 'BEGIN') });
  fc.assert(
    fc.property(around, around, (before, after) => {
      expect(maskCredentials(before + privateKey + after)).not.toContain(body);
    }),
  );
});

test.each([
  'password: ',
  'password=',
  '"password":"',
  '://a:',
  'eyJaaaaaaaaa.',
  'name: password\n',
  '-----BEGIN PRIVATE KEY-----',
  'abcdef.',
  'x-',
  ' ',
])('a long text of %j takes no time to speak of', (part) => {
  const started = performance.now();
  maskCredentials(part.repeat(300_000 / part.length));
  expect(performance.now() - started).toBeLessThan(10_000);
});
