import type { ClusterSettings, CoreDnsSettings } from '../cluster-settings.ts';
import { DNS_INDEX } from '../kubelet/kubelet-configuration.ts';
import { addressInServices } from '../pki/kubernetes-service-address.ts';
import { SYSTEM_NAMESPACE } from '../static-pods/pod.ts';
import type { ApiObject } from './api-object.ts';
import { infraToleration } from './node-marks.ts';
import { type KubeadmObject, renderObject } from './object-addition.ts';
import { clusterRole, clusterRoleBinding } from './rbac.ts';

const NAME = 'coredns';
const metadata = { name: NAME, namespace: SYSTEM_NAMESPACE } as const;
/** How its pods are known since the days of its predecessor. */
export const dnsLabels = { 'k8s-app': 'kube-dns' } as const;
const METRICS_PORT = 9153;
const REPLICAS = 2;

/** Everything of CoreDNS's. */
export function coreDnsObjects(cluster: ClusterSettings): readonly ApiObject[] {
  const watch = ['list', 'watch'];
  return [
    renderObject(coreDnsConfigMap, cluster),
    clusterRole('system:coredns', [
      { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: watch },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: watch },
    ]),
    clusterRoleBinding('system:coredns', 'system:coredns', [{ kind: 'ServiceAccount', ...metadata }]),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    renderObject(coreDnsDeployment, cluster),
    renderObject(coreDnsService, cluster),
  ];
}

export const coreDnsConfigMap: KubeadmObject = {
  baseline: ({ dnsDomain }) => {
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { Corefile: corefile(dnsDomain, true) } };
  },
  additions: ({ dnsDomain, coreDns: { hostForward } }) =>
    hostForward
      ? []
      : [
          {
            field: ['data', 'Corefile'],
            value: corefile(dnsDomain, false),
            reason: 'the configuration says that hosts have no servers to ask',
          },
        ],
};

export const coreDnsDeployment: KubeadmObject = {
  baseline: ({ images }) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...metadata, labels: dnsLabels },
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

export const coreDnsService: KubeadmObject = {
  baseline: ({ serviceSubnets }) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kube-dns',
      namespace: SYSTEM_NAMESPACE,
      annotations: { 'prometheus.io/port': String(METRICS_PORT), 'prometheus.io/scrape': 'true' },
      labels: { ...dnsLabels, 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
      resourceVersion: '0',
    },
    spec: {
      clusterIP: addressInServices(serviceSubnets, DNS_INDEX),
      ports: dnsPorts.map(({ name, port, protocol }) => ({ name, port, protocol, targetPort: port })),
      selector: dnsLabels,
    },
  }),
  additions: () => [
    {
      field: ['metadata', 'resourceVersion'],
      value: undefined,
      reason: 'server-side apply would take it for a version that must be there',
    },
  ],
};

/** What is asked of CoreDNS by others than the kubelet. */
export const dnsPorts = [
  { name: 'dns', port: 53, protocol: 'UDP' },
  { name: 'dns-tcp', port: 53, protocol: 'TCP' },
  { name: 'metrics', port: METRICS_PORT, protocol: 'TCP' },
] as const;

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
    serviceAccountName: NAME,
    tolerations,
    volumes: [{ name: 'config-volume', configMap: { name: NAME, items: [{ key: 'Corefile', path: 'Corefile' }] } }],
  };
}

function container(image: string): Readonly<Record<string, unknown>> {
  return {
    name: NAME,
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

function corefile(dnsDomain: string, hostForward: boolean): string {
  const forward = ['    forward . /etc/resolv.conf {', '       max_concurrent 1000', '    }'];
  const lines = [
    '.:53 {',
    '    errors',
    '    health {',
    '       lameduck 5s',
    '    }',
    '    ready',
    `    kubernetes ${dnsDomain} in-addr.arpa ip6.arpa {`,
    '       pods insecure',
    '       fallthrough in-addr.arpa ip6.arpa',
    '       ttl 30',
    '    }',
    `    prometheus :${METRICS_PORT}`,
    ...(hostForward ? forward : []),
    '    cache 30 {',
    `       disable success ${dnsDomain}`,
    `       disable denial ${dnsDomain}`,
    '    }',
    '    loop',
    '    reload',
    '    loadbalance',
    '}',
  ];
  return `${lines.join('\n')}\n`;
}
