import { SYSTEM_NAMESPACE } from '../static-pods/pod.ts';
import { type ApiObject, ownLabels } from './api-object.ts';
import { dnsLabels, dnsPorts } from './core-dns-names.ts';

/** Who may reach what. */
interface Opening {
  /** What of it listens. */
  readonly ports: readonly { readonly port: number; readonly protocol: 'TCP' | 'UDP' }[];
  /** Undefined: everybody. */
  readonly from?: readonly Readonly<Record<string, unknown>>[];
}

/** Pods of a namespace to which nothing comes in but what is listed. Kubelets reach the pods of their own node in any case. */
export interface ClosedPods {
  readonly name: string;
  readonly namespace: string;
  /** Labels; none: all pods of the namespace. */
  readonly pods: Readonly<Record<string, string>>;
  readonly openings: readonly Opening[];
}

export function denyIngress({ name, namespace, pods, openings }: ClosedPods): ApiObject {
  const podSelector = Object.keys(pods).length > 0 ? { matchLabels: pods } : {};
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace, labels: ownLabels },
    spec: {
      podSelector,
      policyTypes: ['Ingress'],
      ...(openings.length > 0 && { ingress: openings }),
    },
  };
}

/**
 * For the pods of kubeadm's and of Calico's that have addresses of their own. Their namespace belongs to administrators too, so what else
 * is in it stays as open as it is.
 */
export function systemPolicies({ cni }: { readonly cni: 'calico' | 'none' }): readonly ApiObject[] {
  const everyPod = [{ namespaceSelector: {} }];
  const dns = dnsPorts.filter(({ name }) => name !== 'metrics');
  const metrics = dnsPorts.filter(({ name }) => name === 'metrics');
  const ports = (list: readonly (typeof dnsPorts)[number][]) => list.map(({ port, protocol }) => ({ port, protocol }));
  const policies: readonly ClosedPods[] = [
    {
      name: 'coredns',
      namespace: SYSTEM_NAMESPACE,
      pods: dnsLabels,
      // Pods and hosts ask names; metrics are for pods, as the annotations of the Service say.
      openings: [{ ports: ports(dns) }, { ports: ports(metrics), from: everyPod }],
    },
    ...(cni === 'calico'
      ? [
          {
            name: 'calico-kube-controllers',
            namespace: SYSTEM_NAMESPACE,
            pods: { 'k8s-app': 'calico-kube-controllers' },
            openings: [],
          },
        ]
      : []),
  ];
  return policies.map(denyIngress);
}
