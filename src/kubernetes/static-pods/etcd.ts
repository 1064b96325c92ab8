import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { ClusterNode } from '../cluster-node.ts';
import type { ClusterSettings } from '../cluster-settings.ts';
import { LOOPBACK, listeners } from '../listeners.ts';
import { PKI_DIRECTORY } from '../pki/authorities.ts';
import type { Argument, Baseline, Component, ComponentAddition } from './component.ts';
import { debugArgument } from './kubernetes-additions.ts';
import { livenessProbe, readinessProbe, startupProbe } from './probes.ts';
import { CIPHER_SUITES_REASON, cipherSuites, OLDEST_TLS_REASON } from './tls-floor.ts';

const CERTIFICATES = `${PKI_DIRECTORY}/etcd`;

export const etcd: Component = { name: 'etcd', baseline, additions };

function baseline(node: ClusterNode): Baseline {
  const { nodeName, advertiseAddress, cluster } = node;
  const health = (path: string) => ({ host: LOOPBACK, path, scheme: 'HTTP' }) as const;
  const clients = (address: string) => `https://${address}:${listeners.etcdClients.port}`;
  return {
    image: cluster.images.etcd,
    annotations: { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': clients(advertiseAddress) },
    arguments: [
      { name: 'advertise-client-urls', value: clients(advertiseAddress) },
      { name: 'cert-file', value: `${CERTIFICATES}/server.crt` },
      { name: 'client-cert-auth', value: 'true' },
      { name: 'data-dir', value: cluster.etcdDataDirectory },
      { name: 'feature-gates', value: 'InitialCorruptCheck=true' },
      { name: 'initial-advertise-peer-urls', value: peerUrl(advertiseAddress) },
      ...initialCluster(node),
      { name: 'key-file', value: `${CERTIFICATES}/server.key` },
      { name: 'listen-client-urls', value: [clients(LOOPBACK), clients(advertiseAddress)].join(',') },
      { name: 'listen-metrics-urls', value: `http://${LOOPBACK}:${listeners.etcdMetrics.port}` },
      { name: 'listen-peer-urls', value: peerUrl(advertiseAddress) },
      { name: 'name', value: nodeName },
      { name: 'peer-cert-file', value: `${CERTIFICATES}/peer.crt` },
      { name: 'peer-client-cert-auth', value: 'true' },
      { name: 'peer-key-file', value: `${CERTIFICATES}/peer.key` },
      { name: 'peer-trusted-ca-file', value: `${CERTIFICATES}/ca.crt` },
      { name: 'snapshot-count', value: '10000' },
      { name: 'trusted-ca-file', value: `${CERTIFICATES}/ca.crt` },
      { name: 'watch-progress-notify-interval', value: '5s' },
    ],
    volumes: [
      { name: 'etcd-data', path: cluster.etcdDataDirectory, type: 'DirectoryOrCreate', readOnly: false },
      { name: 'etcd-certs', path: CERTIFICATES, type: 'DirectoryOrCreate', readOnly: false },
    ],
    port: listeners.etcdMetrics.port,
    livenessProbe: livenessProbe(health('/livez')),
    readinessProbe: readinessProbe(health('/readyz')),
    startupProbe: startupProbe(health('/readyz')),
    requests: { cpu: '100m', memory: '100Mi' },
  };
}

function additions({ debug }: ClusterSettings): readonly ComponentAddition[] {
  return [
    { adds: 'argument', name: 'tls-min-version', value: 'TLS1.2', reason: OLDEST_TLS_REASON },
    { adds: 'argument', name: 'cipher-suites', value: cipherSuites.join(','), reason: CIPHER_SUITES_REASON },
    ...(debug ? [debugArgument('log-level', 'debug')] : []),
  ];
}

/** Where members of etcd reach each other. */
export function peerUrl(address: string): string {
  return `https://${address}:${listeners.etcdPeers.port}`;
}

function initialCluster({ nodeName, etcd: membership }: ClusterNode): readonly Argument[] {
  if (membership === undefined) {
    throw new MetalK8sError('INTERNAL', `How ${nodeName} came into its etcd cluster is not known`);
  }
  const members = membership.initialCluster.map((member) => `${member.name}=${member.peerUrl}`).join(',');
  return [
    { name: 'initial-cluster', value: members },
    ...(membership.state === 'existing' ? [{ name: 'initial-cluster-state', value: 'existing' }] : []),
  ];
}
