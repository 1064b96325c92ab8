import { LOOPBACK, listeners } from '../listeners.ts';
import { rootFile } from '../root-file.ts';
import { authorityReference } from './authorities.ts';
import { clientProfile } from './certificate-specifications.ts';
import { endpointUrl, type PkiNode } from './pki-node.ts';
import type { KubeconfigSpecification } from './specification.ts';

const KUBERNETES_DIRECTORY = '/etc/kubernetes';
/** Leads an administrator to the cluster, on control planes. */
export const ADMIN_KUBECONFIG = `${KUBERNETES_DIRECTORY}/admin.conf`;
/** The same for whose rights depend on no object, on the first of them. */
export const SUPER_ADMIN_KUBECONFIG = `${KUBERNETES_DIRECTORY}/super-admin.conf`;
const KUBELET_ROTATED_FILE = '/var/lib/kubelet/pki/kubelet-client-current.pem';

/**
 * The kubeconfigs of a node, with kubeadm's names, users and groups. What runs on a control plane talks to the apiserver beside it;
 * what people use goes through the cluster's endpoint; a kubelet elsewhere goes through the apiserver-proxy of its own node.
 */
export function kubeconfigSpecifications(node: PkiNode): readonly KubeconfigSpecification[] {
  const isControlPlane = node.roles.includes('control-plane');
  const local = `https://${bracketed(node.advertiseAddress)}:${listeners.apiserver.port}`;
  const shared = endpointUrl(node.cluster.controlPlaneEndpoint);
  const proxy = `https://${LOOPBACK}:${listeners.apiserverProxy.port}`;
  const kubeconfig = (name: string, server: string, [user, ...organizations]: [string, ...string[]]) =>
    ({
      kind: 'kubeconfig',
      name,
      file: rootFile(`${KUBERNETES_DIRECTORY}/${name}`),
      clusterName: node.cluster.clusterName,
      server,
      user,
      issuer: authorityReference('ca'),
      profile: clientProfile(node.cluster, { commonName: user, organizations }),
      rotatedFile: name === 'kubelet.conf' ? KUBELET_ROTATED_FILE : undefined,
    }) satisfies KubeconfigSpecification;

  const kubelet = kubeconfig('kubelet.conf', isControlPlane ? local : proxy, [
    `system:node:${node.nodeName}`,
    'system:nodes',
  ]);
  if (!isControlPlane) return [kubelet];
  return [
    kubeconfig('admin.conf', shared, ['kubernetes-admin', 'kubeadm:cluster-admins']),
    ...(node.roles.includes('bootstrap')
      ? [kubeconfig('super-admin.conf', shared, ['kubernetes-super-admin', 'system:masters'])]
      : []),
    kubelet,
    kubeconfig('controller-manager.conf', local, ['system:kube-controller-manager']),
    kubeconfig('scheduler.conf', local, ['system:kube-scheduler']),
  ];
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
