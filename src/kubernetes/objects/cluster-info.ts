import type { ClusterSettings } from '../cluster-settings.ts';
import { PKI_DIRECTORY } from '../pki/authorities.ts';
import { endpointUrl } from '../pki/pki-node.ts';
import { renderYaml } from '../render-yaml.ts';
import { type ApiObject, base64OfFile, type ClusterObject } from './api-object.ts';
import { readerOfConfigMap } from './rbac.ts';

const AUTHORITY = `${PKI_DIRECTORY}/ca.crt`;
const NAME = 'cluster-info';
const NAMESPACE = 'kube-public';

/**
 * What `kubeadm join` reads before it trusts anybody: where the API is and who signed its certificate. Signatures, one for each token, are
 * added by kube-controller-manager, and stay: they are not among the fields that we apply.
 */
export function clusterInfo({ controlPlaneEndpoint }: ClusterSettings): ClusterObject {
  const cluster = {
    'certificate-authority-data': base64OfFile(AUTHORITY),
    server: endpointUrl(controlPlaneEndpoint),
  };
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ cluster, name: '' }],
    contexts: null,
    'current-context': '',
    users: null,
  };
  const metadata = { name: NAME, namespace: NAMESPACE };
  const data = { kubeconfig: renderYaml(kubeconfig) };
  return { object: { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, write: 'apply', files: [AUTHORITY] };
}

/** Everybody may read it: it holds nothing that is secret, and signatures tell a holder of a token that it is true. */
export function clusterInfoReaders(): readonly ApiObject[] {
  const reader = { name: 'kubeadm:bootstrap-signer-clusterinfo', namespace: NAMESPACE };
  return readerOfConfigMap(reader, NAME, [{ kind: 'User', name: 'system:anonymous' }]);
}
