import { expect, it } from 'vitest';
import { CERTIFICATE_KEY, TOKEN } from './configuration.ts';
import { type KubernetesObject, normaliseObject, normaliseText, type RunFacts } from './normalise.ts';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';
const OTHER = '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN RSA PRIVATE KEY-----\nMA==\n-----END RSA PRIVATE KEY-----\n';
const facts: RunFacts = {
  startedAt: Date.parse('2026-01-01T00:00:00.900Z'),
  certificates: new Map([['/etc/kubernetes/pki/ca.crt', CERTIFICATE]]),
};

it.each([
  ['a known certificate', `ca: ${base64(CERTIFICATE)}\nx`, 'ca: <certificate /etc/kubernetes/pki/ca.crt>\nx'],
  ['another certificate', `ca: ${base64(OTHER)}`, 'ca: <certificate>'],
  ['a private key', `key: ${base64(KEY)}`, 'key: <private key>'],
  ['the token', `token: ${TOKEN}`, 'token: <token-id>.<token-secret>'],
  ['the name of its Secret', `bootstrap-token-${TOKEN.split('.')[0]}`, 'bootstrap-token-<token-id>'],
  ['the name of another Secret', 'bootstrap-token-x1y2z3', 'bootstrap-token-<random>'],
  ['the certificate key', `key: ${CERTIFICATE_KEY}`, 'key: <certificate-key>'],
  ['the order of members', '- --initial-cluster=b=1,a=2\n', '- --initial-cluster=a=2,b=1\n'],
  ['nothing else', 'bootstrap-tokens: LS0', 'bootstrap-tokens: LS0'],
])('normalises %s', (_what, text, expected) => {
  expect(normaliseText(text, facts)).toBe(expected);
});

it('decodes a bootstrap token, and says when it expires', () => {
  const [id = '', secret = ''] = TOKEN.split('.');
  const data = {
    'token-id': id,
    'token-secret': secret,
    expiration: '2026-01-02T00:00:00Z',
    'usage-bootstrap-signing': 'true',
  };
  const object = { ...secretOf(`bootstrap-token-${id}`, data), status: {} };
  expect(normaliseObject(object, facts)).toEqual({
    ...secretOf('bootstrap-token-<token-id>', {}),
    data: {
      'token-id': '<token-id>',
      'token-secret': '<token-secret>',
      expiration: '<24 hours after the start>',
      'usage-bootstrap-signing': 'true',
    },
  });
});

it('keeps nothing of a random token or an encrypted value', () => {
  const random = normaliseObject(
    secretOf('bootstrap-token-x1y2z3', { 'token-id': 'x1y2z3', 'token-secret': '0a1b2c3d4e5f6g7h' }),
    facts,
  );
  expect(random.data).toEqual({ 'token-id': '<random id>', 'token-secret': '<random secret>' });
  const owner = { ...secretOf('kubeadm-certs', { 'ca.key': 'bytes' }) };
  const metadata = {
    ...owner.metadata,
    ownerReferences: [{ kind: 'Secret', name: 'bootstrap-token-x1y2z3', uid: '4f-2a' }],
  };
  expect(normaliseObject({ ...owner, metadata }, facts)).toMatchObject({
    data: { 'ca.key': '<encrypted>' },
    metadata: { ownerReferences: [{ kind: 'Secret', name: 'bootstrap-token-<random>', uid: '<uid>' }] },
  });
});

it('leaves out what the API server gave, but not a resourceVersion that was sent', () => {
  const metadata = { name: 'a', resourceVersion: '0', labels: { a: 'b' } };
  const object = { apiVersion: 'v1', kind: 'Service', metadata };
  expect(normaliseObject(object, facts)).toEqual(object);
  const held = {
    ...object,
    metadata: { ...metadata, uid: '4f', creationTimestamp: 'now', generation: 1, managedFields: [] },
  };
  expect(normaliseObject(held, facts)).toEqual({ ...object, metadata: { name: 'a', labels: { a: 'b' } } });
});

function secretOf(name: string, values: Record<string, string>): KubernetesObject {
  const data = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, base64(value)]));
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'kube-system' }, data };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
