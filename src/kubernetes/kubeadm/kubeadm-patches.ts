import type { ClusterNode } from '../cluster-node.ts';
import { kubeletNodeFields } from '../kubelet/kubelet-configuration.ts';
import type { NodeFile } from '../node-file.ts';
import { renderYaml } from '../render-yaml.ts';
import { rootFile } from '../root-file.ts';
import { type Component, commandOf } from '../static-pods/component.ts';
import { componentsOf } from '../static-pods/components.ts';

/** What kubeadm is given as `--patches`, or as `patches.directory` of its configuration. */
export const PATCHES_DIRECTORY = '/etc/kubernetes/patches';

/**
 * What is different on each node, and so has no place in the cluster's configuration: kubeadm applies it to what it writes on this node.
 * Names of files say what is patched and how, as kubeadm wants them.
 */
export function kubeadmPatches(node: ClusterNode): readonly NodeFile[] {
  const manifests = componentsOf(node).flatMap((component) => {
    const operations = replaceArguments(component, node);
    return operations.length > 0 ? patch(`${component.name}+json`, operations) : [];
  });
  return [patch('kubeletconfiguration+strategic', kubeletNodeFields(node)), ...manifests];
}

/** JSON Patch (RFC 6902). An argument is only found by its place, so the patch fails where something else stands there. */
function replaceArguments(component: Component, node: ClusterNode): readonly object[] {
  const replaced = component.replacements?.(node) ?? [];
  if (replaced.length === 0) return [];
  const before = commandOf({ ...component, replacements: () => [] }, node);
  return replaced.flatMap(({ name, value }) => {
    const index = before.findIndex((argument) => argument.startsWith(`--${name}=`));
    const path = `/spec/containers/0/command/${index}`;
    return [
      { op: 'test', path, value: before[index] },
      { op: 'replace', path, value: `--${name}=${value}` },
    ];
  });
}

function patch(name: string, content: unknown): NodeFile {
  return { ...rootFile(`${PATCHES_DIRECTORY}/${name}.yaml`), content: renderYaml(content) };
}
