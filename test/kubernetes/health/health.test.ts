import { describe, expect, test } from 'vitest';
import { namespaceFaults } from '../../../src/kubernetes/health/namespace-faults.ts';
import { nodeFault } from '../../../src/kubernetes/health/node-fault.ts';
import { podFault } from '../../../src/kubernetes/health/pod-fault.ts';
import { workloadFault } from '../../../src/kubernetes/health/workload-fault.ts';
import type { ApiObject } from '../../../src/kubernetes/objects/api-object.ts';
import recorded from '../../golden/pod-statuses.json' with { type: 'json' };

const recordedPull =
  'Back-off pulling image "docker.io/library/none:1": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image ' +
  '"docker.io/library/none:1": failed to resolve image: docker.io/library/none:1: not found';
const recordedPreemption =
  'no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';

const replicaSet = { kind: 'ReplicaSet', name: 'coredns-7d', uid: 'u1', controller: true };

function pod(status: unknown, metadata: object = {}): ApiObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'kube-system', ...metadata }, status };
}

const waiting = (reason: string, message?: string) => ({ waiting: { reason, ...(message && { message }) } });
const one = (state: object, more: object = {}) => ({ name: 'web', image: 'a/b:1', ready: false, state, ...more });
const running = { running: { startedAt: '2026-01-01T00:00:00Z' } };
const pullMessage = 'Back-off pulling image "a/b:1": ErrImagePull: failed to pull and unpack image: a/b:1: not found';
const unschedulable = (message: string) => ({
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
});
const APART = "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules. no new claims to deallocate";

describe('a pod does its work', () => {
  test.each([
    ['ready', pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] })],
    ['done', pod({ phase: 'Succeeded', conditions: [{ type: 'Ready', status: 'False' }] })],
    [
      'going',
      pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] }, { deletionTimestamp: 'now' }),
    ],
    ['evicted, and replaced', pod({ phase: 'Failed', reason: 'Evicted' }, { ownerReferences: [replicaSet] })],
  ])('%s', (_name, object) => {
    expect(podFault(object)).toBeUndefined();
  });
});

describe('a pod says why it does not', () => {
  test.each<[string, unknown, string]>([
    [
      'no room',
      unschedulable('0/1 nodes are available: 1 Insufficient cpu.'),
      'cannot be scheduled: 0/1 nodes are available: 1 Insufficient cpu.',
    ],
    [
      'no image',
      { phase: 'Pending', containerStatuses: [one(waiting('ImagePullBackOff', pullMessage))] },
      `container web has no image a/b:1: ImagePullBackOff: ${pullMessage}`,
    ],
    [
      'it crashes, with its last words',
      {
        phase: 'Running',
        containerStatuses: [
          one(waiting('CrashLoopBackOff', 'back-off 5m0s restarting failed container'), {
            lastState: { terminated: { exitCode: 1, reason: 'Error', message: 'no such\n  option --x\n' } },
          }),
        ],
      },
      'container web: CrashLoopBackOff, ended with 1 (Error: no such option --x)',
    ],
    [
      'a crash without words',
      { containerStatuses: [one(waiting('CrashLoopBackOff', 'back-off'))] },
      'container web: CrashLoopBackOff: back-off',
    ],
    [
      'a missing volume',
      { phase: 'Pending', containerStatuses: [one(waiting('CreateContainerConfigError', 'configmap "x" not found'))] },
      'container web: CreateContainerConfigError: configmap "x" not found',
    ],
    [
      'it ended',
      { phase: 'Running', containerStatuses: [one({ terminated: { exitCode: 137, reason: 'OOMKilled' } })] },
      'container web ended with 137 (OOMKilled)',
    ],
    ['not ready', { phase: 'Running', containerStatuses: [one(running)] }, 'container web runs and is not ready'],
    [
      'on its way',
      { phase: 'Pending', containerStatuses: [one(waiting('ContainerCreating'))] },
      'container web is being made',
    ],
    [
      'its init container, which says more than those that wait for it',
      {
        phase: 'Pending',
        initContainerStatuses: [
          one({ terminated: { exitCode: 0 } }, { name: 'first' }),
          one(waiting('ErrImagePull', 'x509: unknown authority'), { name: 'install' }),
        ],
        containerStatuses: [one(waiting('PodInitializing'))],
      },
      'init container install has no image a/b:1: ErrImagePull: x509: unknown authority',
    ],
    [
      'its init container runs',
      { phase: 'Pending', initContainerStatuses: [one(running)], containerStatuses: [one(waiting('PodInitializing'))] },
      'init container web runs and is not ready',
    ],
    [
      'a static pod that failed',
      { phase: 'Failed', reason: 'NodeAffinity', message: 'no' },
      'has failed: NodeAffinity: no',
    ],
    ['nothing known', { phase: 'Pending' }, 'is Pending'],
    ['no status', undefined, 'is not begun'],
    [
      'hostile',
      { phase: 7, conditions: 'x', containerStatuses: [null, 'x', { state: { waiting: [] } }] },
      'container  runs and is not ready',
    ],
  ])('%s', (_name, status, expected) => {
    expect(podFault(pod(status))).toBe(expected);
  });

  test.each<[string, string]>([
    ['crashing', 'container c ended with 3 (Error: no such option --x)'],
    ['init-fails', 'init container first ended with 1 (Error)'],
    ['no-config', 'container c: CreateContainerConfigError: configmap "gone" not found'],
    ['no-image', `container c has no image docker.io/library/none:1: ImagePullBackOff: ${recordedPull}`],
    ['no-room', `cannot be scheduled: 0/1 nodes are available: 1 Insufficient cpu. ${recordedPreemption}`],
  ])('as a kubelet and a scheduler of 1.36.3 said it: %s', (name, expected) => {
    expect(podFault(pod(recorded[name as keyof typeof recorded]))).toBe(expected);
  });

  test('an init container that stays beside the others is done once it is started', () => {
    const initContainerStatuses = [one(running, { started: true, ready: true })];
    const status = { phase: 'Running', initContainerStatuses, containerStatuses: [one(running)] };
    expect(podFault(pod(status))).toBe('container web runs and is not ready');
  });
});

describe('a workload', () => {
  const workload = (kind: string, status: object, spec = {}): ApiObject => {
    return { apiVersion: 'apps/v1', kind, metadata: { name: 'x', namespace: 'n', generation: 3 }, spec, status };
  };
  test.each<[string, ApiObject, string | undefined]>([
    [
      'not looked at',
      workload('Deployment', { observedGeneration: 2, updatedReplicas: 1 }),
      'has not been looked at by its controller',
    ],
    [
      'too few',
      workload('Deployment', { observedGeneration: 3, updatedReplicas: 1 }, { replicas: 2 }),
      'has 1 of 2 pods',
    ],
    ['enough', workload('Deployment', { observedGeneration: 3, updatedReplicas: 2 }, { replicas: 2 }), undefined],
    ['none wanted', workload('StatefulSet', { observedGeneration: 3 }, { replicas: 0 }), undefined],
    [
      'not on all nodes',
      workload('DaemonSet', { observedGeneration: 3, desiredNumberScheduled: 3, updatedNumberScheduled: 2 }),
      'has 2 of 3 pods',
    ],
    [
      'on all nodes',
      workload('DaemonSet', { observedGeneration: 3, desiredNumberScheduled: 3, updatedNumberScheduled: 3 }),
      undefined,
    ],
    ['on no node', workload('DaemonSet', { observedGeneration: 3, desiredNumberScheduled: 0 }), undefined],
  ])('%s', (_name, object, expected) => {
    expect(workloadFault(object)).toBe(expected);
  });
});

describe('a namespace', () => {
  const owned = (status: unknown, name: string) => pod(status, { name, ownerReferences: [replicaSet] });
  const ready = owned({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }, 'a');
  const apart = owned(unschedulable(APART), 'b');

  test('is whole when a pod only waits for another node, and another of its like is ready', () => {
    expect(namespaceFaults([ready, apart], [])).toEqual([]);
  });

  test('is not when none of its like is ready, or when something else is in the way', () => {
    const other = owned(unschedulable('1 Insufficient memory.'), 'c');
    expect(namespaceFaults([apart], []).map(({ name }) => name)).toEqual(['b']);
    expect(namespaceFaults([ready, other], [])).toEqual([
      { kind: 'Pod', namespace: 'kube-system', name: 'c', fault: 'cannot be scheduled: 1 Insufficient memory.' },
    ]);
  });
});

describe('a Node', () => {
  const node = (...conditions: object[]): ApiObject => {
    return { apiVersion: 'v1', kind: 'Node', metadata: { name: 'cp1' }, status: { conditions } };
  };
  test.each<[string, ApiObject, string | undefined]>([
    ['ready', node({ type: 'MemoryPressure', status: 'False' }, { type: 'Ready', status: 'True' }), undefined],
    [
      'without a network',
      node({ type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: 'cni plugin not initialized' }),
      'KubeletNotReady: cni plugin not initialized',
    ],
    [
      'gone',
      node({
        type: 'Ready',
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
      }),
      'its kubelet says nothing any more (NodeStatusUnknown: Kubelet stopped posting node status.)',
    ],
    ['declared', node(), 'its kubelet has said nothing yet'],
    ['without a reason', node({ type: 'Ready', status: 'False' }), 'not ready'],
  ])('%s', (_name, object, expected) => {
    expect(nodeFault(object)).toBe(expected);
  });
});
