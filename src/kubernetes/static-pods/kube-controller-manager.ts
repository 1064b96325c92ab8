import type { ClusterNode } from '../cluster-node.ts';
import type { ClusterSettings } from '../cluster-settings.ts';
import { LOOPBACK, listeners } from '../listeners.ts';
import { PKI_DIRECTORY } from '../pki/authorities.ts';
import {
  type Argument,
  type Baseline,
  byName,
  type Component,
  type ComponentAddition,
  type HostVolume,
} from './component.ts';
import { kubernetesAdditions } from './kubernetes-additions.ts';
import { livenessProbe, startupProbe } from './probes.ts';
import { certificateVolumes, kubeconfigVolume } from './volumes.ts';

const KUBECONFIG = '/etc/kubernetes/controller-manager.conf';

export const kubeControllerManager: Component = { name: 'kube-controller-manager', baseline, additions };

function baseline({ cluster, host }: ClusterNode): Baseline {
  const health = { host: LOOPBACK, path: '/healthz', scheme: 'HTTPS' } as const;
  return {
    image: cluster.images.controllerManager,
    arguments: [
      ...podNetwork(cluster),
      { name: 'authentication-kubeconfig', value: KUBECONFIG },
      { name: 'authorization-kubeconfig', value: KUBECONFIG },
      { name: 'bind-address', value: LOOPBACK },
      { name: 'client-ca-file', value: `${PKI_DIRECTORY}/ca.crt` },
      { name: 'cluster-name', value: cluster.clusterName },
      { name: 'cluster-signing-cert-file', value: `${PKI_DIRECTORY}/ca.crt` },
      { name: 'cluster-signing-key-file', value: `${PKI_DIRECTORY}/ca.key` },
      { name: 'controllers', value: '*,bootstrapsigner,tokencleaner' },
      { name: 'kubeconfig', value: KUBECONFIG },
      { name: 'leader-elect', value: 'true' },
      { name: 'requestheader-client-ca-file', value: `${PKI_DIRECTORY}/front-proxy-ca.crt` },
      { name: 'root-ca-file', value: `${PKI_DIRECTORY}/ca.crt` },
      { name: 'service-account-private-key-file', value: `${PKI_DIRECTORY}/sa.key` },
      { name: 'use-service-account-credentials', value: 'true' },
    ],
    volumes: [
      ...certificateVolumes(host),
      ...(cluster.kubernetesMinor < 36 ? [flexvolumes] : []),
      kubeconfigVolume(KUBECONFIG),
    ].sort(byName),
    port: listeners.controllerManager.port,
    livenessProbe: livenessProbe(health),
    startupProbe: startupProbe(health),
    requests: { cpu: '200m' },
  };
}

function additions(cluster: ClusterSettings): readonly ComponentAddition[] {
  return [
    ...kubernetesAdditions(cluster),
    {
      adds: 'argument',
      name: 'terminated-pod-gc-threshold',
      value: String(cluster.terminatedPodGcThreshold),
      reason: 'the default of 12500 fills etcd with pods that have ended',
    },
  ];
}

/** What kubeadm adds once it is told of a pod network. */
function podNetwork({ podSubnets, serviceSubnets }: ClusterSettings): readonly Argument[] {
  if (podSubnets.length === 0) return [];
  return [
    { name: 'allocate-node-cidrs', value: 'true' },
    { name: 'cluster-cidr', value: podSubnets.join(',') },
    { name: 'service-cluster-ip-range', value: serviceSubnets.join(',') },
  ];
}

/** Mounted by kubeadm until 1.35. */
const flexvolumes: HostVolume = {
  name: 'flexvolume-dir',
  path: '/usr/libexec/kubernetes/kubelet-plugins/volume/exec',
  type: 'DirectoryOrCreate',
  readOnly: false,
};
