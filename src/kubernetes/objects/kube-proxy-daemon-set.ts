import type { ClusterSettings } from '../cluster-settings.ts';
import { listeners } from '../listeners.ts';
import { runtimeSeccomp, SYSTEM_NAMESPACE } from '../static-pods/pod.ts';
import { kubeProxyDigest } from './kube-proxy-config-map.ts';
import { KUBE_PROXY_DIRECTORY } from './kube-proxy-configuration.ts';
import type { KubeadmObject, ObjectAddition } from './object-addition.ts';

const NAME = 'kube-proxy';
/** Where a pod keeps the configuration with its node's address in it. */
const NODE_DIRECTORY = '/run/kube-proxy';
/** A user that no host has. */
const NOBODY = 65_532;

export const kubeProxyDaemonSet: KubeadmObject = {
  baseline({ images }) {
    const labels = { 'k8s-app': NAME };
    return {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: NAME, namespace: SYSTEM_NAMESPACE, labels },
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
        value: { 'metalk8s.scality.com/config-digest': kubeProxyDigest(cluster) },
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
