import { describe, expect, it } from 'vitest';
import type { NodeRole } from '../../../src/kubernetes/node-role.ts';
import { type DeclaredNode, nodeMarks, nodePatch } from '../../../src/kubernetes/objects/node-marks.ts';

const noSchedule = (role: string) => ({ key: `node-role.kubernetes.io/${role}`, effect: 'NoSchedule' });
const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };
const users = { key: 'example.com/gpu', value: 'yes', effect: 'NoExecute' };

function node(...roles: readonly NodeRole[]): DeclaredNode {
  return { roles, version: '136.0.0', ssh: undefined };
}

describe('the marks of a node', () => {
  it.each<[string, NodeRole[], string[]]>([
    ['a control plane', ['bootstrap', 'control-plane', 'etcd'], ['control-plane']],
    ['a control plane for the infrastructure', ['control-plane', 'etcd', 'infra'], ['control-plane']],
    ['a control plane for everything', ['control-plane', 'etcd', 'infra', 'workload'], []],
    ['a node for the infrastructure', ['infra'], ['infra']],
    ['a node for the infrastructure and users', ['infra', 'workload'], []],
    ['a member of etcd alone', ['etcd'], ['etcd']],
    ['a node for users', ['workload'], []],
  ])('%s has the right taint and a label for each role', (_what, roles, tainting) => {
    const { labels, taints } = nodeMarks(node(...roles));
    expect(taints).toEqual(tainting.map(noSchedule));
    const { 'node.kubernetes.io/exclude-from-external-load-balancers': excluded, ...others } = labels;
    expect(excluded).toBe(roles.includes('control-plane') ? '' : undefined);
    expect(others).toEqual({
      ...Object.fromEntries(roles.map((role) => [`node-role.kubernetes.io/${role}`, ''])),
      'metalk8s.scality.com/apiserver-proxy': 'static-pod',
      'metalk8s.scality.com/version': '136.0.0',
    });
  });

  it('say how the node is reached', () => {
    const ssh = { host: '10.78.0.21', port: 2222, user: 'ops', sudo: true, hostKey: 'SHA256:abc' };
    expect(nodeMarks({ ...node('workload'), ssh }).annotations).toEqual({
      'metalk8s.scality.com/ssh-host': '10.78.0.21',
      'metalk8s.scality.com/ssh-port': '2222',
      'metalk8s.scality.com/ssh-user': 'ops',
      'metalk8s.scality.com/ssh-sudo': 'true',
      'metalk8s.scality.com/ssh-host-key': 'SHA256:abc',
    });
  });
});

describe('the patch of a node', () => {
  const marks = nodeMarks(node('infra'));

  it('keeps what is of others, and takes away roles that the node has no longer', () => {
    const present = {
      labels: { 'node-role.kubernetes.io/control-plane': '', 'kubernetes.io/os': 'linux' },
      taints: [notReady, noSchedule('control-plane'), users],
    };
    expect(nodePatch(marks, present)).toEqual({
      metadata: { labels: { ...marks.labels, 'node-role.kubernetes.io/control-plane': null } },
      spec: { taints: [notReady, users, noSchedule('infra')] },
    });
  });

  it('leaves taints alone that are right, in whatever order', () => {
    expect(nodePatch(marks, { labels: marks.labels, taints: [noSchedule('infra'), notReady] })).toEqual({
      metadata: { labels: marks.labels },
    });
  });
});
