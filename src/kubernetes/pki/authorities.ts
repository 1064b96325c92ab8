import type { AuthorityReference } from './specification.ts';

/** Where kubeadm has the certificates of a control plane. */
export const PKI_DIRECTORY = '/etc/kubernetes/pki';

/** What kubeadm has: the three authorities, by its names. */
export const authorities = {
  ca: { path: `${PKI_DIRECTORY}/ca`, commonName: 'kubernetes' },
  'front-proxy-ca': { path: `${PKI_DIRECTORY}/front-proxy-ca`, commonName: 'front-proxy-ca' },
  'etcd-ca': { path: `${PKI_DIRECTORY}/etcd/ca`, commonName: 'etcd-ca' },
} as const;

export type AuthorityName = keyof typeof authorities;

/** Where a leaf's issuer is found on the host that issues. */
export function authorityReference(name: AuthorityName): AuthorityReference {
  const { path } = authorities[name];
  return { name, certificatePath: `${path}.crt`, keyPath: `${path}.key` };
}
