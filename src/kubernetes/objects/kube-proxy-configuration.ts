import type { ClusterSettings } from '../cluster-settings.ts';
import { LOOPBACK, listeners } from '../listeners.ts';
import { DEBUG_VERBOSITY } from '../static-pods/kubernetes-additions.ts';
import { type ObjectAddition, withFields } from './object-addition.ts';

/** Where kubeadm's DaemonSet mounts the ConfigMap. */
export const KUBE_PROXY_DIRECTORY = '/var/lib/kube-proxy';

type Fields = Readonly<Record<string, unknown>>;

/** What kubeadm itself writes. Durations of zero, empty texts and nulls mean kube-proxy's own defaults. */
export function kubeProxyBaseline({ podSubnets }: Pick<ClusterSettings, 'podSubnets'>): Fields {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    bindAddress: '0.0.0.0',
    bindAddressHardFail: false,
    clientConnection: {
      acceptContentTypes: '',
      burst: 0,
      contentType: '',
      kubeconfig: `${KUBE_PROXY_DIRECTORY}/kubeconfig.conf`,
      qps: 0,
    },
    clusterCIDR: podSubnets.join(','),
    configSyncPeriod: '0s',
    conntrack: {
      maxPerCore: null,
      min: null,
      tcpBeLiberal: false,
      tcpCloseWaitTimeout: null,
      tcpEstablishedTimeout: null,
      udpStreamTimeout: '0s',
      udpTimeout: '0s',
    },
    detectLocal: { bridgeInterface: '', interfaceNamePrefix: '' },
    detectLocalMode: '',
    enableProfiling: false,
    healthzBindAddress: '',
    hostnameOverride: '',
    iptables: {
      localhostNodePorts: null,
      masqueradeAll: false,
      masqueradeBit: null,
      minSyncPeriod: '0s',
      syncPeriod: '0s',
    },
    ipvs: {
      excludeCIDRs: null,
      minSyncPeriod: '0s',
      scheduler: '',
      strictARP: false,
      syncPeriod: '0s',
      tcpFinTimeout: '0s',
      tcpTimeout: '0s',
      udpTimeout: '0s',
    },
    logging: {
      flushFrequency: 0,
      options: { json: { infoBufferSize: '0' }, text: { infoBufferSize: '0' } },
      verbosity: 0,
    },
    metricsBindAddress: '',
    mode: '',
    nftables: { masqueradeAll: false, masqueradeBit: null, minSyncPeriod: '0s', syncPeriod: '0s' },
    nodePortAddresses: null,
    oomScoreAdj: null,
    portRange: '',
    showHiddenMetricsForVersion: '',
    winkernel: {
      enableDSR: false,
      forwardHealthCheckVip: false,
      networkName: '',
      rootHnsEndpointName: '',
      sourceVip: '',
    },
  };
}

/** What we change, on all nodes. Each node's own address, where health is asked, is put in by the pod. */
export function kubeProxyAdditions({
  nodePortSubnets,
  conntrackMaxPerCore,
  debug,
}: ClusterSettings): readonly ObjectAddition[] {
  return [
    {
      field: ['metricsBindAddress'],
      value: `${LOOPBACK}:${listeners.kubeProxyMetrics.port}`,
      reason: 'metrics are not for every network of the host',
    },
    {
      field: ['nodePortAddresses'],
      value: nodePortSubnets,
      reason: 'ports of Services open on the networks that the configuration names, not on all',
    },
    ...(conntrackMaxPerCore === undefined
      ? []
      : [{ field: ['conntrack', 'maxPerCore'], value: conntrackMaxPerCore, reason: 'the configuration says so' }]),
    ...(debug
      ? [{ field: ['logging', 'verbosity'], value: DEBUG_VERBOSITY, reason: 'the configuration says debug' }]
      : []),
  ];
}

/** The KubeProxyConfiguration of all nodes. */
export function kubeProxyConfiguration(cluster: ClusterSettings): Fields {
  return withFields(kubeProxyBaseline(cluster), kubeProxyAdditions(cluster)) as Fields;
}
