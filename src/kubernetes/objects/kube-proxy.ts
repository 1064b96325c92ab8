import { createHash } from 'node:crypto';
import type { ClusterSettings } from '../cluster-settings.ts';
import { LOOPBACK, listeners } from '../listeners.ts';
import { endpointUrl } from '../pki/pki-node.ts';
import { renderYaml } from '../render-yaml.ts';
import { runtimeSeccomp, SYSTEM_NAMESPACE } from '../static-pods/pod.ts';
import type { ApiObject } from './api-object.ts';
import { KUBE_PROXY_DIRECTORY, kubeProxyBaseline, kubeProxyConfiguration } from './kube-proxy-configuration.ts';
import { CONFIGURATION_HASH } from './kubeadm-configuration.ts';
import { type KubeadmObject, type ObjectAddition, renderObject } from './object-addition.ts';
import { clusterRoleBinding, readerOfConfigMap, tokenHolders } from './rbac.ts';

const NAME = 'kube-proxy';
const metadata = { name: NAME, namespace: SYSTEM_NAMESPACE } as const;
/** Where a pod keeps the configuration with its node's address in it. */
const NODE_DIRECTORY = '/run/kube-proxy';
/** A user that no host has. */
const NOBODY = 65_532;

/** Everything of kube-proxy's. */
export function kubeProxyObjects(cluster: ClusterSettings): readonly ApiObject[] {
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    clusterRoleBinding('kubeadm:node-proxier', 'system:node-proxier', [{ kind: 'ServiceAccount', ...metadata }]),
    // kubeadm reads it when a node joins or is upgraded.
    ...readerOfConfigMap(metadata, NAME, [tokenHolders]),
    renderObject(kubeProxyConfigMap, cluster),
    renderObject(kubeProxyDaemonSet, cluster),
  ];
}

export const kubeProxyConfigMap: KubeadmObject = {
  baseline(cluster) {
    const data = configurationData(kubeProxyBaseline(cluster), endpointUrl(cluster.controlPlaneEndpoint));
    const annotations = { [CONFIGURATION_HASH]: hashOf(data) };
    return {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { ...metadata, labels: { app: NAME }, annotations },
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

export const kubeProxyDaemonSet: KubeadmObject = {
  baseline({ images }) {
    const labels = { 'k8s-app': NAME };
    return {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { ...metadata, labels },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec(images.kubeProxy) },
        updateStrategy: { type: 'RollingUpdate' },
      },
    };
  },
  additions(cluster) {
    const pod = ['spec', 'template', 'spec'];
    const { command, volumeMounts, volumes } = parts();
    const node = 'node-configuration';
    return [
      {
        field: [...pod, 'initContainers'],
        value: [healthOnOwnAddress(cluster, node)],
        reason:
          'health is asked on the control plane, whose address differs on each node, and kube-proxy takes it from its file alone',
      },
      {
        field: [...pod, 'containers', 0, 'command'],
        value: command.toSpliced(1, 1, `--config=${NODE_DIRECTORY}/config.conf`),
        reason: "the node's own configuration",
      },
      {
        field: [...pod, 'containers', 0, 'volumeMounts'],
        value: [...volumeMounts, { name: node, mountPath: NODE_DIRECTORY, readOnly: true }],
        reason: "the node's own configuration",
      },
      {
        field: [...pod, 'volumes'],
        value: [...volumes, { name: node, emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }],
        reason: "the node's own configuration",
      },
      {
        field: ['spec', 'template', 'metadata', 'annotations'],
        value: { 'metalk8s.scality.com/config-digest': `sha256:${digestOf(ownData(cluster))}` },
        reason: 'another configuration is rolled out node by node, not when somebody deletes pods',
      },
    ] satisfies readonly ObjectAddition[];
  },
};

function podSpec(image: string): Readonly<Record<string, unknown>> {
  const { command, volumeMounts, volumes } = parts();
  return {
    containers: [
      {
        name: NAME,
        image,
        imagePullPolicy: 'IfNotPresent',
        command,
        env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
        resources: {},
        securityContext: { privileged: true },
        volumeMounts,
      },
    ],
    hostNetwork: true,
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    priorityClassName: 'system-node-critical',
    serviceAccountName: NAME,
    tolerations: [{ operator: 'Exists' }],
    volumes,
  };
}

function parts(): {
  readonly command: readonly string[];
  readonly volumeMounts: readonly object[];
  readonly volumes: readonly object[];
} {
  return {
    command: [
      '/usr/local/bin/kube-proxy',
      `--config=${KUBE_PROXY_DIRECTORY}/config.conf`,
      '--hostname-override=$(NODE_NAME)',
    ],
    volumeMounts: [
      { name: NAME, mountPath: KUBE_PROXY_DIRECTORY },
      { name: 'xtables-lock', mountPath: '/run/xtables.lock' },
      { name: 'lib-modules', mountPath: '/lib/modules', readOnly: true },
    ],
    volumes: [
      { name: NAME, configMap: { name: NAME } },
      { name: 'xtables-lock', hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' } },
      { name: 'lib-modules', hostPath: { path: '/lib/modules' } },
    ],
  };
}

/**
 * Copies the configuration and puts the node's address where health is asked. The line is found by its field, so the ConfigMap is valid
 * without this container too: after kubeadm wrote its own DaemonSet, kube-proxy runs on, with health on all addresses.
 */
function healthOnOwnAddress({ images }: ClusterSettings, volume: string): Readonly<Record<string, unknown>> {
  return {
    name: volume,
    image: images.nginx,
    imagePullPolicy: 'IfNotPresent',
    command: ['/bin/sh', '-euc', HEALTH_SCRIPT],
    env: [{ name: 'HOST_IP', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } }],
    resources: { requests: { cpu: '10m', memory: '16Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsGroup: NOBODY,
      runAsNonRoot: true,
      runAsUser: NOBODY,
      ...runtimeSeccomp,
    },
    volumeMounts: [
      { name: NAME, mountPath: KUBE_PROXY_DIRECTORY, readOnly: true },
      { name: volume, mountPath: NODE_DIRECTORY },
    ],
  };
}

/** With nothing but what every shell has of itself. */
export const HEALTH_SCRIPT = `\
while IFS= read -r line || [ -n "$line" ]; do
  case $line in
    healthzBindAddress:*) line="healthzBindAddress: $HOST_IP:${listeners.kubeProxyHealth.port}" ;;
  esac
  printf '%s\\n' "$line"
done <${KUBE_PROXY_DIRECTORY}/config.conf >${NODE_DIRECTORY}/config.conf
`;

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
  return `sha256:${digestOf(data)}`;
}

function digestOf(data: Readonly<Record<string, string>>): string {
  const values = Object.entries(data).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(values.map(([, value]) => value).join(''))
    .digest('hex');
}
