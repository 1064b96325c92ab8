import type { PinnedModule } from './go-module.ts';
import { kubernetesModule } from './recipes/kubernetes.ts';

/** The Kubernetes versions with committed go.mod and go.sum, the default one first. */
export const KUBERNETES_VERSIONS = ['1.36.3', '1.36.1', '1.35.4', '1.34.4'] as const;

/** Every module that go-modules/ holds. */
export function pinnedModules(): readonly PinnedModule[] {
  return KUBERNETES_VERSIONS.map(kubernetesModule);
}
