import { expect, it } from 'vitest';
import { signClusterInfo } from './sign-cluster-info.ts';

const configMap = { metadata: { name: 'cluster-info' }, data: { kubeconfig: 'kubeconfig text' } };

function token(values: Record<string, string>) {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  return { type: 'bootstrap.kubernetes.io/token', data };
}

it('signs for each token that may sign, as openssl does', () => {
  const values = { 'token-id': 'abcdef', 'token-secret': '0123456789abcdef' };
  const signed = signClusterInfo(configMap, [
    token({ ...values, 'usage-bootstrap-signing': 'true' }),
    token({ ...values, 'token-id': 'silent' }),
    { kind: 'ConfigMap', data: {} },
  ]);
  expect(signed.data).toEqual({
    kubeconfig: 'kubeconfig text',
    'jws-kubeconfig-abcdef': 'eyJhbGciOiJIUzI1NiIsImtpZCI6ImFiY2RlZiJ9..oMTj-hREBdN2JfOxdLFh4JKurScxGEh7fEW1g8DBHfI',
  });
});
