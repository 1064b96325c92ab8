import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DISTRIBUTION_MODULE } from '../registry/distribution.ts';
import type { PinnedModule } from './go-module.ts';
import { GO_MODULES } from './go-programs.ts';
import { CALICO_MODULE } from './recipes/calico.ts';
import { CNI_PLUGINS_MODULE } from './recipes/cni-plugins.ts';
import { CONTAINERD_MODULE } from './recipes/containerd.ts';
import { COREDNS_MODULE } from './recipes/coredns.ts';
import { ETCD_MODULE } from './recipes/etcd.ts';
import { kubernetesModule } from './recipes/kubernetes.ts';

/** The Kubernetes of a test release when nobody asks for another. */
export const DEFAULT_KUBERNETES = '1.36.3';

/** The Kubernetes versions with committed go.mod and go.sum, in no order that means anything. */
export function kubernetesVersions(): Promise<string[]> {
  return readdir(join(GO_MODULES, 'kubernetes'));
}

/** Every module that `pin` writes under go-modules/. */
export async function pinnedModules(): Promise<readonly PinnedModule[]> {
  const singles = [
    ETCD_MODULE,
    COREDNS_MODULE,
    CNI_PLUGINS_MODULE,
    CONTAINERD_MODULE,
    CALICO_MODULE,
    DISTRIBUTION_MODULE,
  ];
  return [...(await kubernetesVersions()).map(kubernetesModule), ...singles];
}
