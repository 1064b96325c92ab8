import { conditionOf, fieldsAt, itemsOf, textOf } from '../../kubernetes/health/fields.ts';
import { nodeFault } from '../../kubernetes/health/node-fault.ts';
import { podFault } from '../../kubernetes/health/pod-fault.ts';
import type { ApiObject } from '../../kubernetes/objects/api-object.ts';
import { rolesOf, VERSION_LABEL } from '../../kubernetes/objects/node-marks.ts';
import type { CertificateFile } from './observe-host.ts';

export interface NodeStatus {
  readonly name: string;
  readonly roles: readonly string[];
  /** Null: it is ready. */
  readonly fault: string | null;
  /** False: it is cordoned. */
  readonly schedulable: boolean;
  /** Of the product; null: not a node of ours. */
  readonly version: string | null;
  /** Of the kubelet. */
  readonly kubernetes: string;
  readonly address: string;
}

export interface ComponentStatus {
  readonly component: string;
  readonly node: string;
  readonly fault: string | null;
}

export interface PodCount {
  readonly namespace: string;
  readonly ready: number;
  readonly total: number;
}

export interface CertificateStatus {
  readonly path: string;
  readonly commonName: string | null;
  /** ISO 8601; null: there is no certificate that can be read. */
  readonly notAfter: string | null;
  /** Whole days that are left; negative: it has ended. */
  readonly daysLeft: number | null;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export function nodeStatus(node: ApiObject): NodeStatus {
  const labels = fieldsAt(node, 'metadata', 'labels');
  const addresses = itemsOf(fieldsAt(node, 'status'), 'addresses');
  return {
    name: node.metadata.name,
    roles: rolesOf(Object.keys(labels)),
    fault: nodeFault(node) ?? null,
    schedulable: fieldsAt(node, 'spec').unschedulable !== true,
    version: textOf(labels, VERSION_LABEL) || null,
    kubernetes: textOf(fieldsAt(node, 'status', 'nodeInfo'), 'kubeletVersion'),
    address: textOf(addresses.find(({ type }) => type === 'InternalIP') ?? {}, 'address'),
  };
}

/** Static pods of a control plane, by kubeadm's label. */
export function componentStatus(pod: ApiObject): ComponentStatus[] {
  const labels = fieldsAt(pod, 'metadata', 'labels');
  if (labels.tier !== 'control-plane') return [];
  const node = textOf(fieldsAt(pod, 'spec'), 'nodeName');
  return [{ component: textOf(labels, 'component'), node, fault: podFault(pod) ?? null }];
}

export function podCount(namespace: string, pods: readonly ApiObject[]): PodCount {
  const own = pods.filter(({ metadata }) => metadata.namespace === namespace);
  const ready = own.filter((pod) => conditionOf(pod, 'Ready').status === 'True');
  return { namespace, ready: ready.length, total: own.length };
}

export function certificateStatus({ path, commonName, notAfter }: CertificateFile, now: Date): CertificateStatus {
  const daysLeft = notAfter === null ? null : Math.floor((notAfter.getTime() - now.getTime()) / DAY_MS);
  return { path, commonName, notAfter: notAfter?.toISOString() ?? null, daysLeft };
}
