import type { ComponentAddition } from '../static-pods/component.ts';

/** Additions to a component, in the words of kubeadm's ClusterConfiguration. */
export function componentExtensions(additions: readonly ComponentAddition[]): Readonly<Record<string, unknown>> {
  return {
    ...listUnlessEmpty(
      'extraArgs',
      additions.flatMap((one) => (one.adds === 'argument' ? { name: one.name, value: one.value } : [])),
    ),
    ...listUnlessEmpty(
      'extraEnvs',
      additions.flatMap((one) => (one.adds === 'environment' ? one.variable : [])),
    ),
    ...listUnlessEmpty('extraVolumes', additions.flatMap(extraVolume)),
  };
}

/** A field with a list, or nothing: kubeadm leaves empty ones out. */
export function listUnlessEmpty(
  name: string,
  list: readonly unknown[] = [],
): Readonly<Record<string, readonly unknown[]>> {
  return list.length > 0 ? { [name]: list } : {};
}

function extraVolume(addition: ComponentAddition): object[] {
  if (addition.adds !== 'volume') return [];
  const { name, path, type, readOnly } = addition.volume;
  return [
    { name, hostPath: path, mountPath: path, ...(readOnly && { readOnly }), ...(type !== '' && { pathType: type }) },
  ];
}
