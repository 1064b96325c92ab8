import { fill, type Template } from '../../templates/fill.ts';
import type { ClusterNode } from '../cluster-node.ts';
import type { NodeFile } from '../node-file.ts';
import { renderYaml } from '../render-yaml.ts';
import { rootFile } from '../root-file.ts';
import { CONTAINER_RUNTIME, kubeletConfiguration } from './kubelet-configuration.ts';
import { kubeletFlags } from './kubelet-flags.ts';

export const KUBELET_DIRECTORY = '/var/lib/kubelet';
export const KUBELET_CONFIGURATION_FILE = `${KUBELET_DIRECTORY}/config.yaml`;
export const KUBELET_SERVICE_DROP_IN = '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf';

/**
 * The kubelet's files. Its configuration and its service are for root alone, where kubeadm and packages let everybody read them.
 * `dropIn`: templates/systemd/10-kubeadm.conf.
 */
export function kubeletFiles(node: ClusterNode, dropIn: Template): readonly NodeFile[] {
  return [
    { ...rootFile(KUBELET_CONFIGURATION_FILE), content: renderYaml(kubeletConfiguration(node)) },
    {
      ...rootFile(`${KUBELET_DIRECTORY}/instance-config.yaml`, 0o644),
      content: `containerRuntimeEndpoint: ${JSON.stringify(CONTAINER_RUNTIME)}\n`,
    },
    { ...rootFile(`${KUBELET_DIRECTORY}/kubeadm-flags.env`, 0o644), content: kubeletFlags(node) },
    { ...rootFile(KUBELET_SERVICE_DROP_IN), content: fill(dropIn, {}) },
  ];
}
