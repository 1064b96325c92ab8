import type { ApiObject } from '../objects/api-object.ts';
import { fieldsAt, numberOf } from './fields.ts';

/** Kinds that pods of services come from. */
export const workloadKinds = ['DaemonSet', 'Deployment', 'StatefulSet'] as const;

/** How many pods of a workload its controller has not made yet as they should be, for people; undefined when all are. Whether they work, they say. */
export function workloadFault(workload: ApiObject): string | undefined {
  const status = fieldsAt(workload, 'status');
  const { generation } = workload.metadata;
  if (typeof generation === 'number' && (numberOf(status, 'observedGeneration') ?? 0) < generation) {
    return 'has not been looked at by its controller';
  }
  const [wanted, made] =
    workload.kind === 'DaemonSet'
      ? [numberOf(status, 'desiredNumberScheduled'), numberOf(status, 'updatedNumberScheduled')]
      : [numberOf(fieldsAt(workload, 'spec'), 'replicas') ?? 1, numberOf(status, 'updatedReplicas')];
  return (made ?? 0) < (wanted ?? 0) ? `has ${made ?? 0} of ${wanted} pods` : undefined;
}
