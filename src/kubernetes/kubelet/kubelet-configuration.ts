import type { ClusterNode } from '../cluster-node.ts';
import type { ClusterSettings } from '../cluster-settings.ts';
import { LOOPBACK, listeners } from '../listeners.ts';
import { PKI_DIRECTORY } from '../pki/authorities.ts';
import { addressInServices } from '../pki/kubernetes-service-address.ts';
import { DEBUG_VERBOSITY } from '../static-pods/kubernetes-additions.ts';
import { MANIFESTS_DIRECTORY } from '../static-pods/pod.ts';
import { CIPHER_SUITES_REASON, cipherSuites, OLDEST_TLS, OLDEST_TLS_REASON } from '../static-pods/tls-floor.ts';
import { kubeReserved } from './reserved-resources.ts';

/** kubeadm's own choice; containerd listens there. */
export const CONTAINER_RUNTIME = 'unix:///var/run/containerd/containerd.sock';
/** Where systemd-resolved lists the servers that it asks; what it puts into /etc/resolv.conf is an address of the host alone. */
const RESOLVED_SERVERS = '/run/systemd/resolve/resolv.conf';
/** The index of the DNS server's address within the service network. */
export const DNS_INDEX = 10;

type Fields = Readonly<Record<string, unknown>>;

/** A field of KubeletConfiguration that we set, and why. */
export interface KubeletAddition {
  readonly field: string;
  readonly value: unknown;
  readonly reason: string;
}

/** What kubeadm itself writes. Durations of zero mean the kubelet's own defaults. */
function baseline({ serviceSubnets, dnsDomain }: ClusterSettings): Fields {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { cacheTTL: '0s', enabled: true },
      x509: { clientCAFile: `${PKI_DIRECTORY}/ca.crt` },
    },
    authorization: { mode: 'Webhook', webhook: { cacheAuthorizedTTL: '0s', cacheUnauthorizedTTL: '0s' } },
    // A runtime that says which driver it has is believed more than this.
    cgroupDriver: 'systemd',
    clusterDNS: [addressInServices(serviceSubnets, DNS_INDEX)],
    clusterDomain: dnsDomain,
    containerRuntimeEndpoint: '',
    cpuManagerReconcilePeriod: '0s',
    crashLoopBackOff: {},
    evictionPressureTransitionPeriod: '0s',
    fileCheckFrequency: '0s',
    healthzBindAddress: LOOPBACK,
    healthzPort: listeners.kubeletHealth.port,
    httpCheckFrequency: '0s',
    imageMaximumGCAge: '0s',
    imageMinimumGCAge: '0s',
    logging: {
      flushFrequency: 0,
      options: { json: { infoBufferSize: '0' }, text: { infoBufferSize: '0' } },
      verbosity: 0,
    },
    memorySwap: {},
    nodeStatusReportFrequency: '0s',
    nodeStatusUpdateFrequency: '0s',
    rotateCertificates: true,
    runtimeRequestTimeout: '0s',
    shutdownGracePeriod: '0s',
    shutdownGracePeriodCriticalPods: '0s',
    staticPodPath: MANIFESTS_DIRECTORY,
    streamingConnectionIdleTimeout: '0s',
    syncFrequency: '0s',
    volumeStatsAggPeriod: '0s',
  };
}

/** What we add on all nodes. */
export function kubeletAdditions(cluster: ClusterSettings): readonly KubeletAddition[] {
  return [
    { field: 'tlsMinVersion', value: OLDEST_TLS, reason: OLDEST_TLS_REASON },
    { field: 'tlsCipherSuites', value: cipherSuites, reason: CIPHER_SUITES_REASON },
    { field: 'enableProfilingHandler', value: false, reason: 'profiles tell about memory and load' },
    { field: 'enableDebugFlagsHandler', value: false, reason: 'nobody changes how much is logged over the network' },
    { field: 'seccompDefault', value: true, reason: 'pods that do not say otherwise have the filter of the runtime' },
    { field: 'podPidsLimit', value: 4096, reason: 'a pod that forks without end harms itself alone' },
    {
      field: 'systemReserved',
      value: { cpu: '200m', memory: '200Mi' },
      reason: 'the system itself keeps some of the host, whatever pods ask for',
    },
    ...(cluster.maxPods === undefined
      ? []
      : [{ field: 'maxPods', value: cluster.maxPods, reason: 'the configuration says so' }]),
    ...(cluster.allowCgroupV1
      ? [{ field: 'failCgroupV1', value: false, reason: 'the configuration allows hosts with cgroup v1' }]
      : []),
    ...(cluster.debug
      ? [{ field: 'logging.verbosity', value: DEBUG_VERBOSITY, reason: 'the configuration says debug' }]
      : []),
  ];
}

/** What we add on one node. */
export function kubeletNodeAdditions({ advertiseAddress, host }: ClusterNode): readonly KubeletAddition[] {
  return [
    {
      field: 'address',
      value: advertiseAddress,
      reason: "the kubelet's API belongs to the control plane, not to every network of the host",
    },
    {
      field: 'kubeReserved',
      value: kubeReserved(host),
      reason: 'the kubelet and the runtime keep some of the host, in proportion to its size',
    },
  ];
}

/** The KubeletConfiguration of all nodes, which kubeadm keeps in the ConfigMap `kubelet-config`. */
export function kubeletClusterConfiguration(cluster: ClusterSettings): Fields {
  return withAdditions(baseline(cluster), kubeletAdditions(cluster));
}

/** The KubeletConfiguration of one node, `/var/lib/kubelet/config.yaml`. */
export function kubeletConfiguration(node: ClusterNode): Fields {
  return {
    ...withAdditions(kubeletClusterConfiguration(node.cluster), kubeletNodeAdditions(node)),
    ...(node.host.systemdResolved && { resolvConf: RESOLVED_SERVERS }),
    containerRuntimeEndpoint: CONTAINER_RUNTIME,
  };
}

/** What kubeadm has to be told of one node, as a patch. */
export function kubeletNodeFields(node: ClusterNode): Fields {
  return withAdditions({}, kubeletNodeAdditions(node));
}

function withAdditions(fields: Fields, additions: readonly KubeletAddition[]): Fields {
  return additions.reduce((result, { field, value }) => withField(result, field.split('.'), value), fields);
}

function withField(fields: Fields, [name = '', ...rest]: readonly string[], value: unknown): Fields {
  return { ...fields, [name]: rest.length === 0 ? value : withField(fields[name] as Fields, rest, value) };
}
