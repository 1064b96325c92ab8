import { expect, it } from 'vitest';
import type { ClusterNode } from '../../../src/kubernetes/cluster-node.ts';
import { apiserverProxyConfiguration, apiserverProxyPod } from '../../../src/kubernetes/static-pods/apiserver-proxy.ts';
import { nodeTemplates } from '../../../src/product/node-templates.ts';
import { clusterNode, clusterSettings, workerNode } from '../../support/kubernetes/cluster-node.ts';

const { apiserverProxy } = await nodeTemplates();
const cluster = clusterSettings({ controlPlaneAddresses: ['10.78.0.13', '10.78.0.11', '10.78.0.12', '10.78.0.11'] });

function upstream(node: ClusterNode): string[] {
  const { content } = apiserverProxyConfiguration(node, apiserverProxy);
  const [, block = ''] = /upstream apiservers \{\n([^}]*)\}/.exec(content) ?? [];
  return block
    .trim()
    .split('\n')
    .map((line) => line.trim());
}

it('leads a worker to any control plane', () => {
  expect(upstream(workerNode({ cluster }))).toEqual([
    'random;',
    'server 10.78.0.11:6443;',
    'server 10.78.0.12:6443;',
    'server 10.78.0.13:6443;',
  ]);
});

it('leads a control plane to its own apiserver, and to others while that is away', () => {
  expect(upstream(clusterNode({ cluster, advertiseAddress: '10.78.0.12' }))).toEqual([
    'server 10.78.0.12:6443;',
    'server 10.78.0.11:6443 backup;',
    'server 10.78.0.13:6443 backup;',
  ]);
});

it('is the same whatever the order of control planes, and another pod when they are others', () => {
  const pod = (controlPlaneAddresses: readonly string[]) => {
    const node = workerNode({ cluster: clusterSettings({ controlPlaneAddresses }) });
    return apiserverProxyPod(node, apiserverProxyConfiguration(node, apiserverProxy));
  };
  expect(pod(['10.78.0.11', '10.78.0.12'])).toEqual(pod(['10.78.0.12', '10.78.0.11']));
  expect(pod(['10.78.0.11', '10.78.0.12']).metadata.annotations).not.toEqual(pod(['10.78.0.11']).metadata.annotations);
});

it('runs without any right', () => {
  const node = workerNode();
  const { spec } = apiserverProxyPod(node, apiserverProxyConfiguration(node, apiserverProxy));
  expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65_532 });
  expect(spec.containers[0]?.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
  });
});

it('takes nothing for an address that could be more than one', () => {
  const evil = workerNode({ cluster: clusterSettings({ controlPlaneAddresses: ['10.0.0.1:1; } http {'] }) });
  expect(() => apiserverProxyConfiguration(evil, apiserverProxy)).toThrow('cannot stand in the configuration of nginx');
});
