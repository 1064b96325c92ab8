import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeCertificate, describeKey } from './describe-certificate.ts';

const ca = fixture('ca.crt');
const leaf = fixture('leaf.crt');
const issuers = new Map([['/pki/ca.crt', ca]]);

it('tells of a leaf what openssl tells of it', () => {
  const writtenAt = Date.parse('2026-11-21T13:35:08Z');
  expect(describeCertificate(leaf, { issuers, writtenAt })).toEqual({
    subject: ['O=team', 'CN=leaf'],
    issuer: ['CN=test-ca'],
    issuedBy: '/pki/ca.crt',
    subjectAltNames: ['DNS:leaf.example', 'IP Address:192.0.2.1'],
    extensions: [
      'keyUsage, critical',
      'extendedKeyUsage',
      'basicConstraints, critical',
      'subjectAltName',
      'authorityKeyIdentifier',
    ],
    keyUsage: ['digitalSignature', 'keyEncipherment'],
    extendedKeyUsage: ['serverAuth', 'clientAuth'],
    certificateAuthority: false,
    signatureAlgorithm: 'ecdsa-with-SHA256',
    key: 'EC prime256v1',
    begins: 'with its issuer',
    ends: '365 days after it was written',
  });
});

it('tells of a CA that it signed itself and may sign', () => {
  const writtenAt = Date.parse('2026-11-21T13:35:40Z');
  expect(describeCertificate(ca, { issuers, writtenAt })).toMatchObject({
    issuedBy: '/pki/ca.crt',
    extensions: ['subjectKeyIdentifier', 'authorityKeyIdentifier', 'basicConstraints, critical', 'keyUsage, critical'],
    keyUsage: ['digitalSignature', 'keyEncipherment', 'keyCertSign'],
    certificateAuthority: true,
    begins: '5 minutes before it was written',
    ends: '3650 days after it was written',
  });
});

it('says when no known CA signed it', () => {
  expect(describeCertificate(leaf, { issuers: new Map([['/pki/ca.crt', leaf]]), writtenAt: 0 }).issuedBy).toBe(
    'unknown',
  );
});

it.each([
  ['pkcs1', 'RSA PRIVATE KEY'],
  ['pkcs8', 'PRIVATE KEY'],
] as const)('names the encoding %s of an RSA key and what belongs to it', (type, pem) => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = pair.privateKey.export({ type, format: 'pem' }).toString();
  const others = new Map([
    ['/pki/ca.crt', ca],
    ['/pki/sa.pub', pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()],
  ]);
  expect(describeKey(key, others)).toEqual({ pem, key: 'RSA 2048, exponent 65537', belongsTo: ['/pki/sa.pub'] });
});

it('names an EC key', () => {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    .privateKey.export({ type: 'sec1', format: 'pem' })
    .toString();
  expect(describeKey(key, new Map())).toEqual({ pem: 'EC PRIVATE KEY', key: 'EC secp384r1', belongsTo: [] });
});

function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
}
