import { parseAllDocuments, stringify } from 'yaml';

/** How pods of several nodes reach each other: encapsulated always, or only across subnets. */
export type VxlanMode = 'Always' | 'CrossSubnet';

interface Manifest {
  readonly kind: string;
  readonly spec?: { readonly template?: { readonly spec?: { readonly containers: readonly Container[] } } };
}

interface Container {
  readonly env?: readonly { readonly name: string; value?: string }[];
}

/**
 * Upstream's `calico-vxlan.yaml`, with the mode of its IPv4 pool changed. Everything else, images and entry points
 * included, stays upstream's. Throws when the manifest has no such setting.
 */
export function calicoManifest(upstream: string, mode: VxlanMode): string {
  const manifests = parseAllDocuments(upstream).map((document) => document.toJS() as Manifest);
  const variables = manifests
    .filter(({ kind }) => kind === 'DaemonSet')
    .flatMap(({ spec }) => spec?.template?.spec?.containers ?? [])
    .flatMap(({ env = [] }) => env)
    .filter(({ name }) => name === 'CALICO_IPV4POOL_VXLAN');
  const [variable, ...more] = variables;
  if (variable === undefined || more.length > 0) {
    throw new Error(`calico-vxlan.yaml sets CALICO_IPV4POOL_VXLAN ${variables.length} times, not once`);
  }
  variable.value = mode;
  return manifests.map((manifest) => stringify(manifest)).join('---\n');
}
