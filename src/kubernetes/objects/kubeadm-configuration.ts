import type { ClusterSettings } from '../cluster-settings.ts';
import { clusterConfiguration } from '../kubeadm/cluster-configuration.ts';
import { kubeletClusterConfiguration } from '../kubelet/kubelet-configuration.ts';
import { renderYaml } from '../render-yaml.ts';
import { SYSTEM_NAMESPACE } from '../static-pods/pod.ts';
import type { ApiObject } from './api-object.ts';
import { nodes, readerOfConfigMap, tokenHolders } from './rbac.ts';

/** What kubeadm marks a configuration with that it made from its own defaults alone. */
export const CONFIGURATION_HASH = 'kubeadm.kubernetes.io/component-config.hash';

/** kubeadm's configuration, and who may read it: nodes that join. */
export function kubeadmConfiguration(cluster: ClusterSettings): readonly ApiObject[] {
  return [
    configMap('kubeadm-config', { ClusterConfiguration: renderYaml(clusterConfiguration(cluster)) }),
    ...readerOfConfigMap(inSystem('kubeadm:nodes-kubeadm-config'), 'kubeadm-config', [tokenHolders, nodes]),
  ];
}

/**
 * The kubelets' configuration, and who may read it. It has no {@link CONFIGURATION_HASH}: kubeadm would take it for its own and write its
 * defaults over ours at the next upgrade.
 */
export function kubeletConfigurationObjects(cluster: ClusterSettings): readonly ApiObject[] {
  return [
    configMap('kubelet-config', { kubelet: renderYaml(kubeletClusterConfiguration(cluster)) }),
    ...readerOfConfigMap(inSystem('kubeadm:kubelet-config'), 'kubelet-config', [nodes, tokenHolders]),
  ];
}

function configMap(name: string, data: Readonly<Record<string, string>>): ApiObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: inSystem(name), data };
}

function inSystem(name: string): { readonly name: string; readonly namespace: string } {
  return { name, namespace: SYSTEM_NAMESPACE };
}
