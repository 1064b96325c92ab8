import type { ClusterNode } from '../cluster-node.ts';
import { PROXY_LABEL } from '../objects/node-marks.ts';
import { type Argument, byName } from '../static-pods/component.ts';

/** Where an administrator changes the kubelet's configuration on one node, by files that end in `.conf`: its documented drop-ins. */
export const KUBELET_DROP_INS = '/etc/kubernetes/kubelet.conf.d';

export interface KubeletFlagAddition extends Argument {
  readonly reason: string;
}

/** What we add: `nodeRegistration.kubeletExtraArgs` of kubeadm's configuration, which no cluster-wide object holds. */
export function kubeletFlagAdditions({ advertiseAddress }: ClusterNode): readonly KubeletFlagAddition[] {
  return [
    {
      name: 'node-ip',
      value: advertiseAddress,
      reason: 'the address by which the apiserver reaches the kubelet, and not that of the default route',
    },
    {
      name: 'config-dir',
      value: KUBELET_DROP_INS,
      reason: 'what an administrator changes on one node outlives what is written here',
    },
    {
      name: 'node-labels',
      value: `${PROXY_LABEL.name}=${PROXY_LABEL.value}`,
      reason: 'the node has an apiserver-proxy from its first moment on, and never gets another one from the DaemonSet',
    },
  ];
}

/** Content of `/var/lib/kubelet/kubeadm-flags.env`. */
export function kubeletFlags(node: ClusterNode): string {
  const own = [...baseline(node)].sort(byName);
  const flags = [...own, ...kubeletFlagAdditions(node)].map(({ name, value }) => `--${name}=${value}`);
  return `KUBELET_KUBEADM_ARGS="${flags.join(' ')}"\n`;
}

function baseline({ nodeName, host, cluster }: ClusterNode): readonly Argument[] {
  return [
    ...(nodeName === host.hostname ? [] : [{ name: 'hostname-override', value: nodeName }]),
    // It kept the sandbox image from being collected as garbage, until runtimes said themselves which it is.
    ...(cluster.kubernetesMinor < 35 ? [{ name: 'pod-infra-container-image', value: cluster.images.pause }] : []),
  ];
}
