import type { ClusterSettings } from '../cluster-settings.ts';
import { DNS_INDEX } from '../kubelet/kubelet-configuration.ts';
import { addressInServices } from '../pki/kubernetes-service-address.ts';
import { SYSTEM_NAMESPACE } from '../static-pods/pod.ts';
import type { ApiObject } from './api-object.ts';
import { coreDnsConfigMap } from './core-dns-config-map.ts';
import { coreDnsDeployment } from './core-dns-deployment.ts';
import { coreDnsMetadata, dnsLabels, dnsPorts, METRICS_PORT } from './core-dns-names.ts';
import { type KubeadmObject, renderObject } from './object-addition.ts';
import { clusterRole, clusterRoleBinding } from './rbac.ts';

/** Everything of CoreDNS's. */
export function coreDnsObjects(cluster: ClusterSettings): readonly ApiObject[] {
  const watch = ['list', 'watch'];
  return [
    renderObject(coreDnsConfigMap, cluster),
    clusterRole('system:coredns', [
      { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: watch },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: watch },
    ]),
    clusterRoleBinding('system:coredns', 'system:coredns', [{ kind: 'ServiceAccount', ...coreDnsMetadata }]),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: coreDnsMetadata },
    renderObject(coreDnsDeployment, cluster),
    renderObject(coreDnsService, cluster),
  ];
}

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
