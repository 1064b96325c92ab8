import type { ClusterSettings } from '../cluster-settings.ts';
import { PKI_DIRECTORY } from '../pki/authorities.ts';
import { apiserverCertSans } from '../pki/leaves.ts';
import { etcd } from '../static-pods/etcd.ts';
import { kubeApiserver } from '../static-pods/kube-apiserver.ts';
import { kubeControllerManager } from '../static-pods/kube-controller-manager.ts';
import { kubeScheduler } from '../static-pods/kube-scheduler.ts';
import { componentExtensions, listUnlessEmpty } from './component-extensions.ts';

/**
 * kubeadm's ClusterConfiguration, as it stands in the ConfigMap `kubeadm-config`: with it kubeadm of the same version writes the same
 * manifests as we do. It holds all that is added to them; see `kubeadmPatches` for what it cannot hold.
 */
export function clusterConfiguration(cluster: ClusterSettings): Readonly<Record<string, unknown>> {
  return {
    apiVersion: 'kubeadm.k8s.io/v1beta4',
    kind: 'ClusterConfiguration',
    apiServer: { ...componentExtensions(kubeApiserver.additions(cluster)), certSANs: apiserverCertSans(cluster) },
    caCertificateValidityPeriod: hours(cluster.authorityValidityDays),
    certificateValidityPeriod: hours(cluster.validityDays),
    certificatesDir: PKI_DIRECTORY,
    clusterName: cluster.clusterName,
    controlPlaneEndpoint: cluster.controlPlaneEndpoint,
    controllerManager: componentExtensions(kubeControllerManager.additions(cluster)),
    dns: {},
    encryptionAlgorithm: cluster.keyAlgorithm,
    etcd: {
      local: {
        dataDir: cluster.etcdDataDirectory,
        ...componentExtensions(etcd.additions(cluster)),
        ...listUnlessEmpty('serverCertSANs', cluster.extraSans.etcdServer),
        ...listUnlessEmpty('peerCertSANs', cluster.extraSans.etcdPeer),
      },
    },
    imageRepository: cluster.images.repository,
    kubernetesVersion: `v${cluster.kubernetesVersion}`,
    networking: {
      dnsDomain: cluster.dnsDomain,
      ...(cluster.podSubnets.length > 0 && { podSubnet: cluster.podSubnets.join(',') }),
      serviceSubnet: cluster.serviceSubnets.join(','),
    },
    proxy: {},
    scheduler: componentExtensions(kubeScheduler.additions(cluster)),
  };
}

/** As Go writes durations of whole days. */
function hours(days: number): string {
  return `${days * 24}h0m0s`;
}
