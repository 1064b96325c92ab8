import type { CoreDnsSettings } from '../cluster-settings.ts';
import { coreDnsMetadata, dnsLabels, dnsPorts } from './core-dns-names.ts';
import { infraToleration } from './node-marks.ts';
import type { KubeadmObject } from './object-addition.ts';

const REPLICAS = 2;

export const coreDnsDeployment: KubeadmObject = {
  baseline: ({ images }) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...coreDnsMetadata, labels: dnsLabels },
    spec: {
      replicas: REPLICAS,
      selector: { matchLabels: dnsLabels },
      strategy: { rollingUpdate: { maxUnavailable: 1 }, type: 'RollingUpdate' },
      template: { metadata: { labels: dnsLabels }, spec: podSpec(images.coredns) },
    },
  }),
  additions({ coreDns }) {
    const pod = ['spec', 'template', 'spec'];
    return [
      ...(coreDns.replicas === REPLICAS
        ? []
        : [{ field: ['spec', 'replicas'], value: coreDns.replicas, reason: 'the configuration says so' }]),
      {
        field: [...pod, 'affinity'],
        value: { podAntiAffinity: antiAffinity(coreDns.antiAffinity) },
        reason: 'the configuration says what keeps replicas apart',
      },
      {
        field: [...pod, 'tolerations'],
        value: [...tolerations, infraToleration],
        reason: 'nodes for the infrastructure are for this too',
      },
    ];
  },
};

const tolerations = [
  { key: 'CriticalAddonsOnly', operator: 'Exists' },
  { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
] as const;

function podSpec(image: string): Readonly<Record<string, unknown>> {
  return {
    affinity: {
      podAntiAffinity: antiAffinity({ soft: [{ topologyKey: 'kubernetes.io/hostname', weight: 100 }], hard: [] }),
    },
    containers: [container(image)],
    dnsPolicy: 'Default',
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    priorityClassName: 'system-cluster-critical',
    serviceAccountName: coreDnsMetadata.name,
    tolerations,
    volumes: [
      {
        name: 'config-volume',
        configMap: { name: coreDnsMetadata.name, items: [{ key: 'Corefile', path: 'Corefile' }] },
      },
    ],
  };
}

function container(image: string): Readonly<Record<string, unknown>> {
  return {
    name: coreDnsMetadata.name,
    image,
    imagePullPolicy: 'IfNotPresent',
    args: ['-conf', '/etc/coredns/Corefile'],
    livenessProbe: {
      failureThreshold: 5,
      httpGet: { path: '/health', port: 'liveness-probe', scheme: 'HTTP' },
      initialDelaySeconds: 60,
      successThreshold: 1,
      timeoutSeconds: 5,
    },
    ports: [
      ...dnsPorts.map(({ name, port, protocol }) => ({ name, containerPort: port, protocol })),
      { name: 'liveness-probe', containerPort: 8080, protocol: 'TCP' },
      { name: 'readiness-probe', containerPort: 8181, protocol: 'TCP' },
    ],
    readinessProbe: { httpGet: { path: '/ready', port: 'readiness-probe', scheme: 'HTTP' } },
    resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    },
    volumeMounts: [{ name: 'config-volume', mountPath: '/etc/coredns', readOnly: true }],
  };
}

function antiAffinity({ soft, hard }: CoreDnsSettings['antiAffinity']): Readonly<Record<string, unknown>> {
  const labelSelector = {
    matchExpressions: [{ key: 'k8s-app', operator: 'In', values: [dnsLabels['k8s-app']] }],
  };
  const preferred = soft.map(({ topologyKey, weight }) => {
    return { podAffinityTerm: { labelSelector, topologyKey }, weight };
  });
  const required = hard.map(({ topologyKey }) => ({ labelSelector, topologyKey }));
  return {
    ...(preferred.length > 0 && { preferredDuringSchedulingIgnoredDuringExecution: preferred }),
    ...(required.length > 0 && { requiredDuringSchedulingIgnoredDuringExecution: required }),
  };
}
