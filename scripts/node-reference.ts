import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cisChecks, cisDeviations } from '../src/kubernetes/cis/checks.ts';
import type { ClusterNode } from '../src/kubernetes/cluster-node.ts';
import type { ClusterSettings } from '../src/kubernetes/cluster-settings.ts';
import { kubeletAdditions, kubeletNodeAdditions } from '../src/kubernetes/kubelet/kubelet-configuration.ts';
import { kubeletFlagAdditions } from '../src/kubernetes/kubelet/kubelet-flags.ts';
import { type Listener, listeners } from '../src/kubernetes/listeners.ts';
import { nameOfObject } from '../src/kubernetes/objects/api-object.ts';
import { coreDnsConfigMap } from '../src/kubernetes/objects/core-dns-config-map.ts';
import { coreDnsDeployment } from '../src/kubernetes/objects/core-dns-deployment.ts';
import { coreDnsService } from '../src/kubernetes/objects/core-dns-objects.ts';
import { kubeProxyConfigMap } from '../src/kubernetes/objects/kube-proxy-config-map.ts';
import { kubeProxyAdditions } from '../src/kubernetes/objects/kube-proxy-configuration.ts';
import { kubeProxyDaemonSet } from '../src/kubernetes/objects/kube-proxy-daemon-set.ts';
import { pkiDefaults } from '../src/kubernetes/pki/pki-node.ts';
import type { Component } from '../src/kubernetes/static-pods/component.ts';
import { etcd } from '../src/kubernetes/static-pods/etcd.ts';
import { kubeApiserver } from '../src/kubernetes/static-pods/kube-apiserver.ts';
import { kubeControllerManager } from '../src/kubernetes/static-pods/kube-controller-manager.ts';
import { kubeScheduler } from '../src/kubernetes/static-pods/kube-scheduler.ts';
import { markdownTable } from './markdown-table.ts';

/** Where the reference lies, from the root of the repository. */
export const nodeReferencePath = 'docs/reference/nodes.md';

const PLACES = {
  'control-plane': 'control-plane address',
  'workload-plane': 'workload-plane address',
  loopback: '127.0.0.1',
} as const;

/** Values of these change with the node or the release; the reference says so instead. */
const VARIABLE = ['CONFIGURATION_DIGEST', 'address', 'kubeReserved', 'node-ip', 'nodePortAddresses'];

/** A cluster with every default: what the additions of all clusters follow from. */
const cluster: ClusterSettings = {
  ...pkiDefaults,
  kubernetesVersion: '1.36.0',
  kubernetesMinor: 36,
  controlPlaneEndpoint: 'example:6443',
  podSubnets: ['10.233.0.0/16'],
  serviceSubnets: ['10.96.0.0/12'],
  images: {
    repository: '',
    apiserver: '',
    controllerManager: '',
    scheduler: '',
    etcd: '',
    kubeProxy: '',
    coredns: '',
    pause: '',
    nginx: '',
  },
  controlPlaneAddresses: [],
  etcdAddresses: [],
  etcdDataDirectory: '/var/lib/etcd',
  secretsEncryption: 'secretbox',
  featureGates: {},
  oidc: undefined,
  terminatedPodGcThreshold: 500,
  maxPods: undefined,
  allowCgroupV1: false,
  nodePortSubnets: [],
  conntrackMaxPerCore: undefined,
  coreDns: { replicas: 2, hostForward: true, antiAffinity: { soft: [], hard: [] } },
  debug: false,
};
const node: ClusterNode = {
  nodeName: 'example',
  advertiseAddress: '',
  roles: [],
  cluster,
  host: { hostname: 'example', cpus: 1, memoryBytes: 1, certificateDirectories: [], systemdResolved: false },
};

/** What stands on nodes beside what kubeadm makes, from the code that makes it. */
export function nodeReference(): string {
  return `# Nodes: listeners, additions to kubeadm, CIS benchmark

<!-- Made by \`node scripts/node-reference.ts\`; a test tells when it is out of date. -->

## Listeners

What listens on a node, for firewalls between nodes and before them. On 127.0.0.1 nothing is reached from elsewhere.

${markdownTable(['Component', 'Serves', 'Address', 'Port', 'On'], listenerRows())}

## Additions

Nodes have the files, arguments and settings that kubeadm of the same version gives them, and these. All of a component's stand in
\`ClusterConfiguration\` in the ConfigMap \`kubeadm-config\`, those of the kubelet in \`kubelet-config\`; what differs from node to node lies in
\`/etc/kubernetes/patches\` and \`/var/lib/kubelet/kubeadm-flags.env\`. The configuration of the cluster can add more (feature gates, OpenID
Connect, the number of pods, cgroup v1, connection tracking, name servers, debugging).

${markdownTable(['Of', 'Addition', 'Reason'], additionRows())}

## CIS Kubernetes Benchmark 1.12

Its ${cisChecks.length} automated items, as they are asked of a node. ${deviations()}

${markdownTable(
  ['Item', 'What has to hold', 'On'],
  cisChecks.map(({ id, what, on }) => [id, what, on]),
)}
`;
}

function listenerRows(): string[][] {
  const rows: readonly Listener[] = Object.values(listeners);
  return rows.map(({ component, serves, addresses, port, protocol, role, cni }) => [
    component,
    serves,
    addresses.map((address) => PLACES[address]).join(', '),
    protocol === 'tcp' ? String(port) : `${port}/${protocol}`,
    (role ?? 'every node') + (cni === undefined ? '' : `, with ${cni}`),
  ]);
}

function additionRows(): string[][] {
  const components = [kubeApiserver, kubeControllerManager, kubeScheduler, etcd].flatMap(componentRows);
  const settings = [...kubeletAdditions(cluster), ...kubeletNodeAdditions(node)].map(({ field, value, reason }) => {
    return ['kubelet', code(field, ': ', typeof value === 'string' ? value : JSON.stringify(value)), reason];
  });
  const flags = kubeletFlagAdditions(node).map(({ name, value, reason }) => [
    'kubelet',
    code(name, '=', value, '--'),
    reason,
  ]);
  const proxy = kubeProxyAdditions(cluster).map(({ field, value, reason }) => {
    return ['kube-proxy', code(field.join('.'), ': ', String(value)), reason];
  });
  return [...components, ...settings, ...flags, ...proxy, ...objectRows()];
}

function objectRows(): string[][] {
  return [kubeProxyConfigMap, kubeProxyDaemonSet, coreDnsConfigMap, coreDnsDeployment, coreDnsService].flatMap(
    (object) =>
      object
        .additions(cluster)
        .map(({ field, value, reason }) => [
          nameOfObject(object.baseline(cluster)),
          `field \`${field.join('.')}\`${value === undefined ? ' left out' : ''}`,
          reason,
        ]),
  );
}

function componentRows(component: Component): string[][] {
  return component.additions(cluster).map((addition) => {
    if (addition.adds === 'argument')
      return [component.name, code(addition.name, '=', addition.value, '--'), addition.reason];
    if (addition.adds === 'volume') return [component.name, `volume \`${addition.volume.path}\``, addition.reason];
    const { variable } = addition;
    const value = 'value' in variable ? variable.value : variable.valueFrom.fieldRef.fieldPath;
    return [component.name, `variable ${code(variable.name, '=', value)}`, addition.reason];
  });
}

function code(name: string, between: string, value: string, before = ''): string {
  return `\`${before}${name}${VARIABLE.includes(name) ? '' : between + value}\``;
}

function deviations(): string {
  const listed = Object.entries(cisDeviations);
  if (listed.length === 0) return 'A node passes all of them.';
  return `A node passes all but ${listed.map(([id, reason]) => `${id} (${reason})`).join(', ')}.`;
}

if (import.meta.main) {
  const path = join(import.meta.dirname, '..', nodeReferencePath);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, nodeReference());
  process.stdout.write(`${nodeReferencePath} is written\n`);
}
