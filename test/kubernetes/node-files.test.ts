import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { kubeadmPatches } from '../../src/kubernetes/kubeadm/kubeadm-patches.ts';
import { nodeFiles } from '../../src/kubernetes/node-files.ts';
import { nodeTemplates } from '../../src/product/node-templates.ts';
import { clusterNode, clusterSettings, everySetting, workerNode } from '../support/kubernetes/cluster-node.ts';

const templates = await nodeTemplates();

const onEveryNode = [
  '/etc/kubernetes/apiserver-proxy.conf',
  '/etc/kubernetes/manifests/apiserver-proxy.yaml',
  '/etc/kubernetes/patches/kubeletconfiguration+strategic.yaml',
  '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf',
  '/var/lib/kubelet/config.yaml',
  '/var/lib/kubelet/instance-config.yaml',
  '/var/lib/kubelet/kubeadm-flags.env',
];
const onControlPlanes = [
  '/etc/kubernetes/admission-configuration.yaml',
  '/etc/kubernetes/audit-policy.yaml',
  '/etc/kubernetes/manifests/kube-apiserver.yaml',
  '/etc/kubernetes/manifests/kube-controller-manager.yaml',
  '/etc/kubernetes/manifests/kube-scheduler.yaml',
  '/etc/kubernetes/manifests/registry.yaml',
  '/etc/metalk8s/registry.conf',
];
const etcdManifest = '/etc/kubernetes/manifests/etcd.yaml';

it.each([
  ['a first node', clusterNode(), [...onEveryNode, ...onControlPlanes, etcdManifest]],
  ['a worker', workerNode(), onEveryNode],
  [
    'a control plane without etcd',
    clusterNode({ roles: ['control-plane'] }),
    [...onEveryNode, ...onControlPlanes, '/etc/kubernetes/patches/kube-apiserver+json.yaml'],
  ],
  ['a member of etcd alone', clusterNode({ roles: ['etcd', 'infra'] }), [...onEveryNode, etcdManifest]],
])('gives %s its files', (_name, node, paths) => {
  const { files, manifests } = nodeFiles(node, templates, 'nginx of the registry');
  expect([...files, ...manifests].map(({ path }) => path).sort()).toEqual([...paths].sort());
});

describe.each([
  ['with every default', clusterNode()],
  ['with every setting', clusterNode({ cluster: clusterSettings(everySetting) })],
  ['of a worker', workerNode()],
])('files %s', (_name, node) => {
  const { directories, files, manifests } = nodeFiles(node, templates, 'nginx of the registry');

  it('are of root, in directories that are made before them, and no manifest is read by others', () => {
    for (const { uid, gid, path } of [...files, ...manifests]) expect(`${path} ${uid}:${gid}`).toBe(`${path} 0:0`);
    for (const { mode } of manifests) expect(mode).toBe(0o600);
    const made = directories.map(({ path }) => path);
    expect(made).toEqual([...new Set(made)]);
    for (const [index, path] of made.entries()) {
      expect(['/etc', '/var/lib', '/var/log', ...made.slice(0, index)], path).toContain(dirname(path));
    }
    for (const { path } of manifests) expect(path.startsWith('/etc/kubernetes/manifests/')).toBe(true);
  });

  it('are the same each time', () => {
    expect(nodeFiles(node, templates, 'nginx of the registry')).toEqual({ directories, files, manifests });
  });

  it('run as static pods that the kubelet cannot evict, of the system, on the network of the host', () => {
    for (const { content } of manifests) {
      expect(parse(content)).toMatchObject({
        metadata: { namespace: 'kube-system' },
        spec: { hostNetwork: true, priorityClassName: 'system-node-critical', priority: 2_000_001_000 },
      });
    }
  });

  it('mount every file that an argument names', () => {
    for (const { content } of manifests) {
      const { containers, volumes } = parse(content).spec;
      const mounts: string[] = containers[0].volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);
      const named = (containers[0].command as string[]).flatMap(
        (word) => /^(?:--[a-z-]+=)?(\/.*)$/.exec(word)?.[1] ?? [],
      );
      for (const path of named)
        expect(
          mounts.some((mount) => `${path}/`.startsWith(`${mount}/`)),
          path,
        ).toBe(true);
      expect(volumes).toHaveLength(mounts.length);
    }
  });
});

it('makes the registry another pod when its configuration is another', () => {
  const annotation = (registry: string) => {
    const { manifests } = nodeFiles(clusterNode(), templates, registry);
    const manifest = manifests.find(({ path }) => path.endsWith('/registry.yaml'));
    return parse(manifest?.content ?? '').metadata.annotations['metalk8s.scality.com/config-digest'];
  };
  expect(annotation('one')).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(annotation('one')).not.toBe(annotation('other'));
});

it('refuses a member of etcd of whose cluster nothing is known', () => {
  const { etcd, ...node } = clusterNode();
  expect(() => nodeFiles(node, templates, '')).toThrow('How cp1 came into its etcd cluster is not known');
});

it('patches by place only what stands there', () => {
  const node = clusterNode({
    roles: ['control-plane'],
    cluster: clusterSettings({ etcdAddresses: ['10.78.0.31', '10.78.0.32'] }),
  });
  const patch = kubeadmPatches(node).find(({ path }) => path.endsWith('/kube-apiserver+json.yaml'));
  const operations = parse(patch?.content ?? '');
  expect(operations).toEqual([
    { op: 'test', path: operations[0].path, value: '--etcd-servers=https://127.0.0.1:2379' },
    {
      op: 'replace',
      path: operations[0].path,
      value: '--etcd-servers=https://10.78.0.31:2379,https://10.78.0.32:2379',
    },
  ]);
});
