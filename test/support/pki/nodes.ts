import { type PkiCluster, type PkiNode, pkiDefaults } from '../../../src/kubernetes/pki/pki-node.ts';

/** A cluster for tests; elliptic curves, because their keys are made in no time. */
export function pkiCluster(changes: Partial<PkiCluster> = {}): PkiCluster {
  return {
    ...pkiDefaults,
    kubernetesMinor: 36,
    keyAlgorithm: 'ECDSA-P256',
    controlPlaneEndpoint: '10.78.0.10:6443',
    serviceSubnets: ['10.96.0.0/12'],
    ...changes,
  };
}

/** The first control plane of {@link pkiCluster}. */
export function pkiNode(changes: Partial<PkiNode> = {}): PkiNode {
  return {
    nodeName: 'cp1',
    advertiseAddress: '10.78.0.11',
    roles: ['bootstrap', 'control-plane', 'etcd', 'infra'],
    cluster: pkiCluster(),
    ...changes,
  };
}
