import { expect, it } from 'vitest';
import {
  encryptionKeySpecification,
  renderEncryptionConfiguration,
} from '../../../src/kubernetes/pki/encryption-configuration.ts';
import { pkiSpecifications } from '../../../src/kubernetes/pki/pki-specifications.ts';
import { pkiNode } from '../../support/pki/nodes.ts';

it.each(['secretbox', 'aescbc'] as const)(
  'renders an EncryptionConfiguration with %s first and identity last',
  (provider) => {
    expect(
      renderEncryptionConfiguration(encryptionKeySpecification(provider), 'c2VjcmV0'),
    ).toBe(`apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- providers:
  - ${provider}:
      keys:
      - name: key1
        secret: c2VjcmV0
  - identity: {}
  resources:
  - secrets
`);
  },
);

it('lists issuers before what they issue', () => {
  const all = pkiSpecifications(pkiNode(), 'secretbox');
  for (const [index, one] of all.entries()) {
    if (!('issuer' in one)) continue;
    const issuer = all.findIndex((other) => other.kind === 'authority' && other.name === one.issuer.name);
    expect(issuer).toBeGreaterThanOrEqual(0);
    expect(issuer).toBeLessThan(index);
  }
});

it('gives the keys of service accounts and of encryption to control planes alone', () => {
  const kinds = (roles: Parameters<typeof pkiNode>[0]) =>
    pkiSpecifications(pkiNode(roles), 'aescbc').map(({ kind }) => kind);
  expect(kinds({ roles: ['control-plane'] })).toEqual(expect.arrayContaining(['key-pair', 'encryption-key']));
  expect(kinds({ roles: ['workload'] })).toEqual(['authority', 'leaf', 'kubeconfig']);
});

it('writes each path once', () => {
  const paths = JSON.stringify(pkiSpecifications(pkiNode(), 'secretbox')).match(/"path":"[^"]+"/g) ?? [];
  expect(new Set(paths).size).toBe(paths.length);
});
