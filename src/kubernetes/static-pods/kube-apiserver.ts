import type { ClusterNode } from '../cluster-node.ts';
import type { ClusterSettings, OidcSettings } from '../cluster-settings.ts';
import { ADMISSION_CONFIGURATION_FILE } from '../control-plane/admission-configuration.ts';
import { apiserverFiles } from '../control-plane/apiserver-files.ts';
import { AUDIT_LOG, AUDIT_LOG_DIRECTORY, AUDIT_POLICY_FILE } from '../control-plane/audit-policy.ts';
import { LOOPBACK, listeners } from '../listeners.ts';
import { digestOfFiles } from '../node-file.ts';
import { PKI_DIRECTORY } from '../pki/authorities.ts';
import { ENCRYPTION_CONFIGURATION_FILE } from '../pki/encryption-configuration.ts';
import type { ArgumentReplacement, Baseline, Component, ComponentAddition } from './component.ts';
import { kubernetesAdditions } from './kubernetes-additions.ts';
import { livenessProbe, readinessProbe, startupProbe } from './probes.ts';
import { certificateVolumes } from './volumes.ts';

const { port } = listeners.apiserver;

/** A variable of the container that holds the node's address. */
const HOST_ADDRESS = 'HOST_IP';
/** Users and groups of an OpenID Connect provider begin with it, so that none can pass for one of the system's. */
const OIDC_PREFIX = 'oidc:';

export const kubeApiserver: Component = { name: 'kube-apiserver', baseline, additions, replacements };

function baseline({ advertiseAddress, cluster, host }: ClusterNode): Baseline {
  const health = (path: string) => ({ host: advertiseAddress, path, scheme: 'HTTPS' }) as const;
  return {
    image: cluster.images.apiserver,
    annotations: { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': `${advertiseAddress}:${port}` },
    arguments: [
      { name: 'advertise-address', value: advertiseAddress },
      { name: 'allow-privileged', value: 'true' },
      { name: 'authorization-mode', value: 'Node,RBAC' },
      { name: 'client-ca-file', value: `${PKI_DIRECTORY}/ca.crt` },
      { name: 'enable-admission-plugins', value: 'NodeRestriction' },
      { name: 'enable-bootstrap-token-auth', value: 'true' },
      { name: 'etcd-cafile', value: `${PKI_DIRECTORY}/etcd/ca.crt` },
      { name: 'etcd-certfile', value: `${PKI_DIRECTORY}/apiserver-etcd-client.crt` },
      { name: 'etcd-keyfile', value: `${PKI_DIRECTORY}/apiserver-etcd-client.key` },
      { name: 'etcd-servers', value: etcdUrl(LOOPBACK) },
      { name: 'kubelet-client-certificate', value: `${PKI_DIRECTORY}/apiserver-kubelet-client.crt` },
      { name: 'kubelet-client-key', value: `${PKI_DIRECTORY}/apiserver-kubelet-client.key` },
      { name: 'kubelet-preferred-address-types', value: 'InternalIP,ExternalIP,Hostname' },
      { name: 'proxy-client-cert-file', value: `${PKI_DIRECTORY}/front-proxy-client.crt` },
      { name: 'proxy-client-key-file', value: `${PKI_DIRECTORY}/front-proxy-client.key` },
      { name: 'requestheader-allowed-names', value: 'front-proxy-client' },
      { name: 'requestheader-client-ca-file', value: `${PKI_DIRECTORY}/front-proxy-ca.crt` },
      { name: 'requestheader-extra-headers-prefix', value: 'X-Remote-Extra-' },
      { name: 'requestheader-group-headers', value: 'X-Remote-Group' },
      { name: 'requestheader-username-headers', value: 'X-Remote-User' },
      { name: 'secure-port', value: String(port) },
      { name: 'service-account-issuer', value: `https://kubernetes.default.svc.${cluster.dnsDomain}` },
      { name: 'service-account-key-file', value: `${PKI_DIRECTORY}/sa.pub` },
      { name: 'service-account-signing-key-file', value: `${PKI_DIRECTORY}/sa.key` },
      { name: 'service-cluster-ip-range', value: cluster.serviceSubnets.join(',') },
      { name: 'tls-cert-file', value: `${PKI_DIRECTORY}/apiserver.crt` },
      { name: 'tls-private-key-file', value: `${PKI_DIRECTORY}/apiserver.key` },
    ],
    volumes: certificateVolumes(host),
    port,
    livenessProbe: livenessProbe(health('/livez')),
    readinessProbe: readinessProbe(health('/readyz')),
    startupProbe: startupProbe(health('/livez')),
    requests: { cpu: '250m' },
  };
}

function additions(cluster: ClusterSettings): readonly ComponentAddition[] {
  return [
    {
      adds: 'environment',
      variable: { name: HOST_ADDRESS, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.hostIP' } } },
      reason: "the node's address on the control plane, for an argument that is the same text on every node",
    },
    {
      adds: 'argument',
      name: 'bind-address',
      value: `$(${HOST_ADDRESS})`,
      reason: 'the API belongs to the control plane, not to every network of the host',
    },
    {
      adds: 'argument',
      name: 'enable-admission-plugins',
      value: 'NodeRestriction,DenyServiceExternalIPs',
      reason: 'with external addresses of a Service anyone who may create one takes traffic of others (CVE-2020-8554)',
    },
    {
      adds: 'argument',
      name: 'kubelet-certificate-authority',
      value: `${PKI_DIRECTORY}/ca.crt`,
      reason: 'without it the apiserver talks to whoever answers at the address of a kubelet',
    },
    {
      adds: 'argument',
      name: 'service-account-extend-token-expiration',
      value: 'false',
      reason: 'a stolen token of a service account is good for an hour, not for a year',
    },
    ...kubernetesAdditions(cluster),
    ...encryption,
    ...audit,
    ...admission,
    ...featureGates(cluster.featureGates),
    ...(cluster.oidc === undefined ? [] : oidc(cluster.oidc)),
    {
      adds: 'environment',
      variable: { name: 'CONFIGURATION_DIGEST', value: digestOfFiles(apiserverFiles()) },
      reason: 'a change of the files that are read only at the start changes the pod, so that it starts again',
    },
  ];
}

/** A control plane that is no member of etcd has none on its loopback address. */
function replacements({ roles, cluster }: ClusterNode): readonly ArgumentReplacement[] {
  if (roles.includes('etcd')) return [];
  return [
    {
      name: 'etcd-servers',
      value: cluster.etcdAddresses.map(etcdUrl).join(','),
      reason: 'this control plane is no member of etcd',
    },
  ];
}

function etcdUrl(address: string): string {
  return `https://${address}:${listeners.etcdClients.port}`;
}

const encryption: readonly ComponentAddition[] = [
  {
    adds: 'argument',
    name: 'encryption-provider-config',
    value: ENCRYPTION_CONFIGURATION_FILE,
    reason: 'Secrets lie encrypted in etcd and in its backups',
  },
  fileVolume('encryption-configuration', ENCRYPTION_CONFIGURATION_FILE),
];

const auditReason = 'who did what to the cluster can be told afterwards';

const audit: readonly ComponentAddition[] = [
  { adds: 'argument', name: 'audit-policy-file', value: AUDIT_POLICY_FILE, reason: auditReason },
  { adds: 'argument', name: 'audit-log-path', value: AUDIT_LOG, reason: auditReason },
  { adds: 'argument', name: 'audit-log-maxage', value: '30', reason: 'events are kept for 30 days' },
  { adds: 'argument', name: 'audit-log-maxbackup', value: '10', reason: 'unless ten files are full before' },
  {
    adds: 'argument',
    name: 'audit-log-maxsize',
    value: '100',
    reason: 'each has 100 MB, so they take 1.1 GB of disk at most',
  },
  fileVolume('audit-policy', AUDIT_POLICY_FILE),
  {
    adds: 'volume',
    volume: { name: 'audit-log', path: AUDIT_LOG_DIRECTORY, type: 'DirectoryOrCreate', readOnly: false },
    reason: auditReason,
  },
];

const admission: readonly ComponentAddition[] = [
  {
    adds: 'argument',
    name: 'admission-control-config-file',
    value: ADMISSION_CONFIGURATION_FILE,
    reason: 'Pod Security asks nothing of namespaces without labels unless told',
  },
  fileVolume('admission-configuration', ADMISSION_CONFIGURATION_FILE),
];

function featureGates(gates: ClusterSettings['featureGates']): readonly ComponentAddition[] {
  const value = Object.entries(gates)
    .map(([name, on]) => `${name}=${on}`)
    .sort()
    .join(',');
  if (value === '') return [];
  return [{ adds: 'argument', name: 'feature-gates', value, reason: 'the configuration says so' }];
}

function oidc({ issuerUrl, clientId, caFile, usernameClaim, groupsClaim }: OidcSettings): readonly ComponentAddition[] {
  const reason = 'the configuration names a provider of users';
  const argument = (name: string, value: string) => ({ adds: 'argument', name, value, reason }) as const;
  return [
    argument('oidc-issuer-url', issuerUrl),
    argument('oidc-client-id', clientId),
    ...(caFile === undefined ? [] : [argument('oidc-ca-file', caFile), fileVolume('oidc-ca', caFile)]),
    ...(usernameClaim === undefined ? [] : [argument('oidc-username-claim', usernameClaim)]),
    argument('oidc-username-prefix', OIDC_PREFIX),
    ...(groupsClaim === undefined ? [] : [argument('oidc-groups-claim', groupsClaim)]),
    argument('oidc-groups-prefix', OIDC_PREFIX),
  ];
}

/** Nothing is made where the file is missing: the pod does not start, and says why. */
function fileVolume(name: string, path: string): ComponentAddition {
  return {
    adds: 'volume',
    volume: { name, path, type: 'File', readOnly: true },
    reason: 'for the argument that names it',
  };
}
