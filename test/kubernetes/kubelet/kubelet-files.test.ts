import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { kubeletConfiguration } from '../../../src/kubernetes/kubelet/kubelet-configuration.ts';
import { kubeletFiles } from '../../../src/kubernetes/kubelet/kubelet-files.ts';
import { kubeletFlags } from '../../../src/kubernetes/kubelet/kubelet-flags.ts';
import { nodeTemplates } from '../../../src/product/node-templates.ts';
import { clusterNode, clusterSettings, hostFacts, workerNode } from '../../support/kubernetes/cluster-node.ts';

const { kubeletDropIn } = await nodeTemplates();

it('has its configuration and service read by root alone', () => {
  const files = kubeletFiles(clusterNode(), kubeletDropIn);
  expect(files.map(({ path, mode, uid, gid }) => `${path} ${mode.toString(8)} ${uid}:${gid}`)).toEqual([
    '/var/lib/kubelet/config.yaml 600 0:0',
    '/var/lib/kubelet/instance-config.yaml 644 0:0',
    '/var/lib/kubelet/kubeadm-flags.env 644 0:0',
    '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf 600 0:0',
  ]);
});

it('does not start without the disks of etcd and of its own: an empty folder would be another cluster', () => {
  const service = kubeletFiles(clusterNode(), kubeletDropIn).find(({ path }) =>
    path.endsWith('.service.d/10-kubeadm.conf'),
  );
  const [unit = ''] = service?.content.split('[Service]') ?? [];
  expect(unit).toMatch(/^\[Unit\]\n(?:#.*\n)*RequiresMountsFor=\/var\/lib\/etcd \/var\/lib\/kubelet$/m);
});

it.each([
  [
    'its host',
    { nodeName: 'cp1' },
    '--node-ip=10.78.0.11 --config-dir=/etc/kubernetes/kubelet.conf.d --node-labels=metalk8s.scality.com/apiserver-proxy=static-pod',
  ],
  [
    'another than its host',
    { nodeName: 'node-1' },
    '--hostname-override=node-1 --node-ip=10.78.0.11 --config-dir=/etc/kubernetes/kubelet.conf.d --node-labels=metalk8s.scality.com/apiserver-proxy=static-pod',
  ],
])('has flags for a node with the name of %s', (_name, changes, flags) => {
  expect(kubeletFlags(clusterNode(changes))).toBe(`KUBELET_KUBEADM_ARGS="${flags}"\n`);
});

it('names the sandbox image until 1.34', () => {
  const flags = (minor: number) => kubeletFlags(clusterNode({ cluster: clusterSettings({ kubernetesMinor: minor }) }));
  expect(flags(34)).toContain('"--pod-infra-container-image=registry.k8s.io/pause:3.10.2 ');
  expect(flags(35)).not.toContain('pause');
});

it('asks the servers that systemd-resolved asks, where that is active', () => {
  const resolved = (systemdResolved: boolean) =>
    kubeletConfiguration(clusterNode({ host: hostFacts({ systemdResolved }) }));
  expect(resolved(true)).toMatchObject({ resolvConf: '/run/systemd/resolve/resolv.conf' });
  expect(resolved(false)).not.toHaveProperty('resolvConf');
});

it('refuses cgroup v1 by saying nothing of it, and allows it when told', () => {
  const of = (allowCgroupV1: boolean) =>
    kubeletConfiguration(clusterNode({ cluster: clusterSettings({ allowCgroupV1 }) }));
  expect(of(false)).not.toHaveProperty('failCgroupV1');
  expect(of(true)).toHaveProperty('failCgroupV1', false);
});

it('has each node listen on its own address and keep what its own size asks for', () => {
  const small = workerNode({ host: hostFacts({ cpus: 1, memoryBytes: 1024 ** 3 }) });
  const [configuration] = kubeletFiles(small, kubeletDropIn);
  expect(parse(configuration?.content ?? '')).toMatchObject({
    address: '10.78.0.21',
    kubeReserved: { cpu: '60m', memory: '256Mi' },
    systemReserved: { cpu: '200m', memory: '200Mi' },
  });
});
