import { fileURLToPath } from 'node:url';
import type { ClusterNode } from '../../../src/kubernetes/cluster-node.ts';
import { nodeFiles } from '../../../src/kubernetes/node-files.ts';
import { nodeTemplates } from '../../../src/product/node-templates.ts';
import type { SaltNode } from '../../../src/salt/salt-node.ts';
import { clusterNode } from '../kubernetes/cluster-node.ts';

/** The formulas, as the project has them. */
export const FORMULAS = fileURLToPath(new URL('../../../templates/salt', import.meta.url));

/** What Salt is told of a node that has one archive mounted, with every default. */
export async function saltNode(changes: Partial<SaltNode> = {}, node: ClusterNode = clusterNode()): Promise<SaltNode> {
  return {
    node,
    files: nodeFiles(node, await nodeTemplates(), 'events {}\n'),
    version: '136.0.0',
    archives: [{ version: '136.0.0', kind: 'image', path: '/var/lib/metalk8s/archives/metalk8s-136.0.0.iso' }],
    repositories: [
      {
        version: '136.0.0',
        baseUrl: 'file:///srv/metalk8s/136.0.0/packages/el9-x86_64',
        keyUrls: ['file:///srv/metalk8s/136.0.0/packages/keys/0123.asc'],
      },
    ],
    packages: [{ name: 'kubelet', version: '1.36.3-150500.1.1' }, { name: 'socat' }],
    registryHosts: ['docker.io', 'registry.k8s.io'],
    registry: { endpoints: ['https://10.78.0.11:5000'], ca: '/etc/kubernetes/pki/ca.crt' },
    proxies: { notProxied: [] },
    cni: 'calico',
    ...changes,
  };
}
