import { rootFile } from '../root-file.ts';
import { PKI_DIRECTORY } from './authorities.ts';
import { certificateSpecifications } from './certificate-specifications.ts';
import { encryptionKeySpecification } from './encryption-configuration.ts';
import { kubeconfigSpecifications } from './kubeconfig-specifications.ts';
import type { PkiNode } from './pki-node.ts';
import type { EncryptionProvider, KeyPairSpecification, PkiSpecification } from './specification.ts';

/** The pair that signs and checks tokens of service accounts. kubeadm hides the public half where it makes it, not where it copies it. */
export function serviceAccountKeySpecification({ roles, cluster }: PkiNode): KeyPairSpecification {
  return {
    kind: 'key-pair',
    name: 'sa',
    privateKey: rootFile(`${PKI_DIRECTORY}/sa.key`),
    publicKey: rootFile(`${PKI_DIRECTORY}/sa.pub`, roles.includes('bootstrap') ? 0o600 : 0o644),
    keyAlgorithm: cluster.keyAlgorithm,
  };
}

/** All keys, certificates, kubeconfigs and the encryption key of a node: issuers stand before what they issue. */
export function pkiSpecifications(node: PkiNode, encryption: EncryptionProvider): readonly PkiSpecification[] {
  const controlPlaneOnly: PkiSpecification[] = node.roles.includes('control-plane')
    ? [serviceAccountKeySpecification(node), encryptionKeySpecification(encryption)]
    : [];
  return [...certificateSpecifications(node), ...kubeconfigSpecifications(node), ...controlPlaneOnly];
}
