import type { PinnedModule } from './go-module.ts';
import { CALICO_MODULE } from './recipes/calico.ts';
import { CNI_PLUGINS_MODULE } from './recipes/cni-plugins.ts';
import { CONTAINERD_MODULE } from './recipes/containerd.ts';
import { COREDNS_MODULE } from './recipes/coredns.ts';
import { ETCD_MODULE } from './recipes/etcd.ts';
import { kubernetesModule } from './recipes/kubernetes.ts';

/** The Kubernetes versions with committed go.mod and go.sum, the default one first. */
export const KUBERNETES_VERSIONS = ['1.36.3', '1.36.1', '1.35.4', '1.34.4'] as const;

/** Every module that `pin` writes under go-modules/. */
export function pinnedModules(): readonly PinnedModule[] {
  const singles = [ETCD_MODULE, COREDNS_MODULE, CNI_PLUGINS_MODULE, CONTAINERD_MODULE, CALICO_MODULE];
  return [...KUBERNETES_VERSIONS.map(kubernetesModule), ...singles];
}
