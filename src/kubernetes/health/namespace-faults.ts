import type { ApiObject } from '../objects/api-object.ts';
import { conditionOf, fieldsAt, textOf } from './fields.ts';
import { ownerOf, podFault } from './pod-fault.ts';
import { workloadFault } from './workload-fault.ts';

/** Something that does not do its work. */
export interface HealthFault {
  /** `Pod`, `DaemonSet`… */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly fault: string;
}

/**
 * What of some pods, and of the workloads that they come from, does not do its work. A pod that only waits for another node, since none may be
 * beside its like, counts for nothing while one of them is ready: a cluster of one node is whole without.
 */
export function namespaceFaults(pods: readonly ApiObject[], workloads: readonly ApiObject[]): readonly HealthFault[] {
  const ready = new Set(pods.filter((pod) => conditionOf(pod, 'Ready').status === 'True').map(ownerUid));
  return [
    ...workloads.flatMap((workload) => faultOf(workload, workloadFault(workload))),
    ...pods
      .filter((pod) => !(keepsApart(pod) && ready.has(ownerUid(pod))))
      .flatMap((pod) => faultOf({ ...pod, kind: 'Pod' }, podFault(pod))),
  ];
}

function faultOf({ kind, metadata: { name, namespace = '' } }: ApiObject, fault: string | undefined): HealthFault[] {
  return fault === undefined ? [] : [{ kind, namespace, name, fault }];
}

function ownerUid(pod: ApiObject): string {
  return textOf(ownerOf(pod), 'uid') || textOf(fieldsAt(pod, 'metadata'), 'uid');
}

function keepsApart(pod: ApiObject): boolean {
  const scheduled = conditionOf(pod, 'PodScheduled');
  return scheduled.status === 'False' && /didn't match pod anti-affinity rules/.test(textOf(scheduled, 'message'));
}
