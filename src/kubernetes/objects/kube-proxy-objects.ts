import type { ClusterSettings } from '../cluster-settings.ts';
import { SYSTEM_NAMESPACE } from '../static-pods/pod.ts';
import type { ApiObject } from './api-object.ts';
import { kubeProxyConfigMap } from './kube-proxy-config-map.ts';
import { kubeProxyDaemonSet } from './kube-proxy-daemon-set.ts';
import { renderObject } from './object-addition.ts';
import { clusterRoleBinding, readerOfConfigMap, tokenHolders } from './rbac.ts';

const NAME = 'kube-proxy';
const metadata = { name: NAME, namespace: SYSTEM_NAMESPACE } as const;

/** Everything of kube-proxy's. */
export function kubeProxyObjects(cluster: ClusterSettings): readonly ApiObject[] {
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    clusterRoleBinding('kubeadm:node-proxier', 'system:node-proxier', [{ kind: 'ServiceAccount', ...metadata }]),
    // kubeadm reads it when a node joins or is upgraded.
    ...readerOfConfigMap(metadata, NAME, [tokenHolders]),
    renderObject(kubeProxyConfigMap, cluster),
    renderObject(kubeProxyDaemonSet, cluster),
  ];
}
