import { stringify } from 'yaml';

const POD_SUBNET = '10.244.0.0/16';
const SERVICE_SUBNET = '10.96.0.0/12';

/** What a kubeadm configuration of the test ground is made from. */
export interface ClusterSettings {
  /** Kubernetes version without `v`. */
  readonly kubernetes: string;
  /** Control-plane address of the first node. */
  readonly advertiseAddress: string;
}

/**
 * Configuration for `kubeadm init` on a test host: kubeadm's defaults but for what the ground asks for, each a documented field of
 * Kubernetes. The kubelet accepts cgroup v1 and drives cgroups itself, as hosts may be on a machine with cgroup v1; kube-proxy leaves
 * the machine's conntrack limit alone.
 */
export function kubeadmConfiguration({ kubernetes, advertiseAddress }: ClusterSettings): string {
  const documents = [
    {
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'InitConfiguration',
      localAPIEndpoint: { advertiseAddress, bindPort: 6443 },
      nodeRegistration: { criSocket: 'unix:///run/containerd/containerd.sock' },
    },
    {
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'ClusterConfiguration',
      kubernetesVersion: `v${kubernetes}`,
      networking: { podSubnet: POD_SUBNET, serviceSubnet: SERVICE_SUBNET },
    },
    {
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      failCgroupV1: false,
      cgroupDriver: 'cgroupfs',
    },
    {
      apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
      kind: 'KubeProxyConfiguration',
      mode: 'iptables',
      conntrack: { maxPerCore: 0 },
    },
  ];
  return documents.map((document) => stringify(document)).join('---\n');
}
