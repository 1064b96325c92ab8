import { rootFile } from '../root-file.ts';
import { type AlternativeNames, alternativeNames } from './alternative-names.ts';
import { type AuthorityName, authorities, authorityReference } from './authorities.ts';
import { additions, baseline, type Leaf } from './leaves.ts';
import type { PkiCluster, PkiNode } from './pki-node.ts';
import type {
  AuthoritySpecification,
  CertificateProfile,
  CertificateSpecification,
  LeafSpecification,
} from './specification.ts';

const BACKDATE_MINUTES = 5;

/**
 * Every certificate of a node, authorities first. A control plane holds all three authorities with their keys, as kubeadm's
 * stacked control planes do; other nodes hold the certificates that they trust, and their leaves are issued from a control plane.
 * Throws a RangeError when an address, name or subnet of the node is none.
 */
export function certificateSpecifications(node: PkiNode): readonly CertificateSpecification[] {
  const leaves = [...baseline, ...additions].filter(({ role }) => role === undefined || node.roles.includes(role));
  return [...authoritiesOf(node), ...leaves.map((leaf) => leafSpecification(leaf, node))];
}

/** Profile of a client certificate, whether in files of its own or within a kubeconfig. */
export function clientProfile(
  cluster: PkiCluster,
  subject: { commonName: string; organizations: readonly string[] },
): CertificateProfile {
  return leafProfile(cluster, { ...subject, ...alternativeNames([]), extendedKeyUsages: ['clientAuth'] });
}

function authoritiesOf({ roles, cluster }: PkiNode): AuthoritySpecification[] {
  const issues = roles.includes('control-plane');
  const trusted: readonly AuthorityName[] = roles.includes('etcd') ? ['ca', 'etcd-ca'] : ['ca'];
  const held = issues ? (['ca', 'front-proxy-ca', 'etcd-ca'] as const) : trusted;
  return held.map((name) => authoritySpecification(name, { issues, cluster }));
}

function authoritySpecification(
  name: AuthorityName,
  { issues, cluster }: { issues: boolean; cluster: PkiCluster },
): AuthoritySpecification {
  const { path, commonName } = authorities[name];
  return {
    kind: 'authority',
    name,
    certificate: rootFile(`${path}.crt`, 0o644),
    key: issues ? rootFile(`${path}.key`) : undefined,
    profile: {
      commonName,
      organizations: [],
      ...alternativeNames([commonName]),
      keyUsages: ['digitalSignature', 'keyEncipherment', 'keyCertSign'],
      extendedKeyUsages: [],
      validityDays: cluster.authorityValidityDays,
      backdateMinutes: BACKDATE_MINUTES,
      keyAlgorithm: cluster.keyAlgorithm,
    },
  };
}

function leafSpecification(leaf: Leaf, node: PkiNode): LeafSpecification {
  return {
    kind: 'leaf',
    name: leaf.name,
    certificate: rootFile(`${leaf.path}.crt`, 0o644),
    key: rootFile(`${leaf.path}.key`),
    issuer: authorityReference(leaf.authority),
    profile: leafProfile(node.cluster, {
      commonName: leaf.commonName(node),
      organizations: leaf.organizations?.(node) ?? [],
      ...alternativeNames(leaf.names?.(node) ?? []),
      extendedKeyUsages: leaf.usages,
    }),
    additions: leaf.additions?.(node) ?? [],
  };
}

function leafProfile(
  { validityDays, keyAlgorithm }: PkiCluster,
  content: AlternativeNames & Pick<CertificateProfile, 'commonName' | 'organizations' | 'extendedKeyUsages'>,
): CertificateProfile {
  return {
    commonName: content.commonName,
    organizations: content.organizations,
    dnsNames: content.dnsNames,
    ipAddresses: content.ipAddresses,
    keyUsages: ['digitalSignature', 'keyEncipherment'],
    extendedKeyUsages: content.extendedKeyUsages,
    validityDays,
    backdateMinutes: BACKDATE_MINUTES,
    keyAlgorithm,
  };
}
