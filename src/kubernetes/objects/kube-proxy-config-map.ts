import { createHash } from 'node:crypto';
import type { ClusterSettings } from '../cluster-settings.ts';
import { LOOPBACK, listeners } from '../listeners.ts';
import { endpointUrl } from '../pki/pki-node.ts';
import { renderYaml } from '../render-yaml.ts';
import { SYSTEM_NAMESPACE } from '../static-pods/pod.ts';
import { kubeProxyBaseline, kubeProxyConfiguration } from './kube-proxy-configuration.ts';
import { CONFIGURATION_HASH } from './kubeadm-configuration.ts';
import type { KubeadmObject } from './object-addition.ts';

export const kubeProxyConfigMap: KubeadmObject = {
  baseline(cluster) {
    const data = configurationData(kubeProxyBaseline(cluster), endpointUrl(cluster.controlPlaneEndpoint));
    const annotations = { [CONFIGURATION_HASH]: hashOf(data) };
    return {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kube-proxy', namespace: SYSTEM_NAMESPACE, labels: { app: 'kube-proxy' }, annotations },
      data,
    };
  },
  additions(cluster) {
    const data = ownData(cluster);
    return [
      {
        field: ['data', 'config.conf'],
        value: data['config.conf'],
        reason: 'what is added to the configuration of kube-proxy itself',
      },
      {
        field: ['data', 'kubeconfig.conf'],
        value: data['kubeconfig.conf'],
        reason: 'any control plane is asked, by apiserver-proxy: without kube-proxy, nothing else leads there',
      },
      {
        field: ['metadata', 'annotations'],
        value: undefined,
        reason:
          'with the hash kubeadm takes the configuration for its own, and writes its defaults over it at an upgrade',
      },
    ];
  },
};

/** What kube-proxy reads: its configuration, and how it asks the API. */
function ownData(cluster: ClusterSettings): Readonly<Record<string, string>> {
  return configurationData(kubeProxyConfiguration(cluster), `https://${LOOPBACK}:${listeners.apiserverProxy.port}`);
}

function configurationData(configuration: object, server: string): Readonly<Record<string, string>> {
  return { 'config.conf': renderYaml(configuration).trimEnd(), 'kubeconfig.conf': kubeconfig(server) };
}

/** kubeadm's own text, in its own order. */
function kubeconfig(server: string): string {
  const account = '/var/run/secrets/kubernetes.io/serviceaccount';
  return `\
apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority: ${account}/ca.crt
    server: ${server}
  name: default
contexts:
- context:
    cluster: default
    namespace: default
    user: default
  name: default
current-context: default
users:
- name: default
  user:
    tokenFile: ${account}/token`;
}

/** As kubeadm computes it: over the values of a ConfigMap, in the order of their keys. */
function hashOf(data: Readonly<Record<string, string>>): string {
  const values = Object.entries(data).sort(([one], [other]) => (one < other ? -1 : 1));
  const digest = createHash('sha256')
    .update(values.map(([, value]) => value).join(''))
    .digest('hex');
  return `sha256:${digest}`;
}

/** `sha256:…` of what kube-proxy reads. */
export function kubeProxyDigest(cluster: ClusterSettings): string {
  return hashOf(ownData(cluster));
}
