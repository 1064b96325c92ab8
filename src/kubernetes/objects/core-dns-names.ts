import { SYSTEM_NAMESPACE } from '../static-pods/pod.ts';

export const coreDnsMetadata = { name: 'coredns', namespace: SYSTEM_NAMESPACE } as const;
/** How its pods are known since the days of its predecessor. */
export const dnsLabels = { 'k8s-app': 'kube-dns' } as const;
export const METRICS_PORT = 9153;

/** What is asked of CoreDNS by others than the kubelet. */
export const dnsPorts = [
  { name: 'dns', port: 53, protocol: 'UDP' },
  { name: 'dns-tcp', port: 53, protocol: 'TCP' },
  { name: 'metrics', port: METRICS_PORT, protocol: 'TCP' },
] as const;
