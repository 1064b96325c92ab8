import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ClusterNode } from '../../src/kubernetes/cluster-node.ts';
import { containerdFiles } from '../../src/kubernetes/containerd/containerd-files.ts';
import { kubeletConfiguration } from '../../src/kubernetes/kubelet/kubelet-configuration.ts';
import { listeners, listenersOf } from '../../src/kubernetes/listeners.ts';
import { nodeFiles } from '../../src/kubernetes/node-files.ts';
import { registryServer } from '../../src/kubernetes/static-pods/registry.ts';
import { nodeTemplates } from '../../src/product/node-templates.ts';
import { saltTemplates } from '../../src/product/salt-templates.ts';
import { clusterNode, workerNode } from '../support/kubernetes/cluster-node.ts';

const templates = await nodeTemplates();
const saltTexts = await saltTemplates();
const WORKLOAD_ADDRESS = '10.79.0.11';

function ofTable(node: ClusterNode, cni: 'calico' | 'none' = 'calico'): string[] {
  const planes = { controlPlaneAddress: node.advertiseAddress, workloadPlaneAddress: WORKLOAD_ADDRESS };
  return listenersOf({ roles: node.roles, ...planes, cni }).map(
    ({ component, address, port, protocol }) => `${component} ${address}:${port}${protocol === 'udp' ? '/udp' : ''}`,
  );
}

it('has a first node listen on what a first node serves', () => {
  expect(ofTable(clusterNode())).toEqual([
    'kube-apiserver 10.78.0.11:6443',
    'kube-controller-manager 127.0.0.1:10257',
    'kube-scheduler 127.0.0.1:10259',
    'etcd 10.78.0.11:2379',
    'etcd 127.0.0.1:2379',
    'etcd 10.78.0.11:2380',
    'etcd 127.0.0.1:2381',
    'registry 10.78.0.11:5000',
    'apiserver-proxy 127.0.0.1:7443',
    'apiserver-proxy 127.0.0.1:7444',
    'kubelet 10.78.0.11:10250',
    'kubelet 127.0.0.1:10248',
    'containerd 127.0.0.1:10010',
    'kube-proxy 10.78.0.11:10256',
    'kube-proxy 127.0.0.1:10249',
    'calico-node 127.0.0.1:9099',
    'calico-node 10.79.0.11:4789/udp',
  ]);
});

it('has a worker listen on less, and a cluster without Calico on nothing of it', () => {
  expect(ofTable(workerNode(), 'none')).toEqual([
    'apiserver-proxy 127.0.0.1:7443',
    'apiserver-proxy 127.0.0.1:7444',
    'kubelet 10.78.0.21:10250',
    'kubelet 127.0.0.1:10248',
    'containerd 127.0.0.1:10010',
    'kube-proxy 10.78.0.21:10256',
    'kube-proxy 127.0.0.1:10249',
  ]);
});

it('gives no port of a protocol twice', () => {
  const ports = Object.values(listeners).map(({ port, protocol }) => `${port}/${protocol}`);
  expect(new Set(ports).size).toBe(ports.length);
});

describe.each([
  ['control plane', clusterNode()],
  ['worker', workerNode()],
  ['control plane without etcd', clusterNode({ roles: ['control-plane'] })],
])('what is rendered for a %s', (_name, node) => {
  const { files, manifests } = nodeFiles(node, templates, '');
  const text = (path: string) => [...files, ...manifests].find((file) => file.path === path)?.content;

  it('tells every program to listen where the table says', () => {
    const { address, healthzBindAddress, healthzPort } = kubeletConfiguration(node);
    const rendered = [
      ...apiserver(node, command('kube-apiserver')),
      ...bound('kube-controller-manager', command('kube-controller-manager'), 10257),
      ...bound('kube-scheduler', command('kube-scheduler'), 10259),
      ...etcdUrls(command('etcd')),
      ...registry(node),
      ...proxy(text('/etc/kubernetes/apiserver-proxy.conf') ?? ''),
      ...containerdStreams(),
      // The kubelet's own port, which nobody changes.
      `kubelet ${address}:10250`,
      `kubelet ${healthzBindAddress}:${healthzPort}`,
    ];
    const table = ofTable(node, 'none').filter((line) => !line.startsWith('kube-proxy'));
    expect(rendered.sort()).toEqual(table.sort());
  });

  it('has probes ask where something listens', () => {
    const table = ofTable(node, 'none').map((line) => line.split(' ')[1]);
    for (const { content } of manifests) {
      const [container] = parse(content).spec.containers;
      for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
        if (container[probe] === undefined) continue;
        expect(table).toContain(`${container[probe].httpGet.host}:${container.ports[0].containerPort}`);
      }
    }
  });

  function command(name: string): string[] {
    const content = text(`/etc/kubernetes/manifests/${name}.yaml`);
    return content === undefined ? [] : parse(content).spec.containers[0].command;
  }
});

function valueOfArgument(command: readonly string[], name: string): string | undefined {
  return command.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
}

/** The kubelet replaces the variable by the node's own address. */
function apiserver({ advertiseAddress }: ClusterNode, command: readonly string[]): string[] {
  if (command.length === 0) return [];
  const address = valueOfArgument(command, 'bind-address')?.replace('$(HOST_IP)', advertiseAddress);
  return [`kube-apiserver ${address}:${valueOfArgument(command, 'secure-port')}`];
}

/** Ports that kubeadm leaves at their defaults. */
function bound(name: string, command: readonly string[], port: number): string[] {
  return command.length === 0 ? [] : [`${name} ${valueOfArgument(command, 'bind-address')}:${port}`];
}

function etcdUrls(command: readonly string[]): string[] {
  return command
    .filter((argument) => argument.startsWith('--listen-'))
    .flatMap((argument) => (argument.split('=')[1] ?? '').split(','))
    .map((url) => `etcd ${url.replace(/^https?:\/\//, '')}`);
}

function registry(node: ClusterNode): string[] {
  if (!node.roles.includes('control-plane')) return [];
  return registryServer(node).listen.flatMap((one) => ('address' in one ? `registry ${one.address}:${one.port}` : []));
}

/** containerd's part of what Salt places. */
function containerdStreams(): string[] {
  const [{ content = '' } = {}] = containerdFiles(
    { sandboxImage: 'registry.k8s.io/pause:3.10.2', proxies: { notProxied: [] } },
    saltTexts.containerd,
  );
  const value = (name: string) => new RegExp(`^  ${name} = '(.*)'$`, 'm').exec(content)?.[1];
  return [`containerd ${value('stream_server_address')}:${value('stream_server_port')}`];
}

function proxy(configuration: string): string[] {
  return [...configuration.matchAll(/^\s*listen (\S+);$/gm)].map(([, address]) => `apiserver-proxy ${address}`);
}
