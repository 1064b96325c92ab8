import type { LockOwner } from '../../engine/run-lock.ts';
import type { RunRecord } from '../../engine/run-record.ts';
import { conditionOf, fieldsAt, itemsOf, textOf } from '../../kubernetes/health/fields.ts';
import { namespaceFaults } from '../../kubernetes/health/namespace-faults.ts';
import { nodeFault } from '../../kubernetes/health/node-fault.ts';
import { podFault } from '../../kubernetes/health/pod-fault.ts';
import type { ApiObject } from '../../kubernetes/objects/api-object.ts';
import { rolesOf, VERSION_LABEL } from '../../kubernetes/objects/node-marks.ts';
import { differenceLine } from '../../plan/differences.ts';
import { type ClusterState, systemNamespaces } from './observe-cluster.ts';
import type { ConfigurationState } from './observe-configuration.ts';
import type { ArchiveState, CertificateFile, HostState } from './observe-host.ts';

/** What the command gives to programs. */
export interface StatusReport {
  readonly host: string;
  /** `no-cluster`: nothing of one is on the host. */
  readonly state: 'healthy' | 'unhealthy' | 'no-cluster';
  /** Everything that keeps it from being healthy, a line each. */
  readonly problems: readonly string[];
  /** Null: the host has no kubeconfig of an administrator. */
  readonly api: { readonly server: string; readonly fault: string | null } | null;
  readonly nodes: readonly NodeStatus[];
  readonly controlPlane: readonly ComponentStatus[];
  readonly pods: readonly PodCount[];
  readonly certificates: readonly CertificateStatus[];
  readonly archives: readonly ArchiveState[];
  readonly configuration: Omit<ConfigurationState, 'differences'> & { readonly differences: readonly string[] };
  /** Newest first. */
  readonly runs: readonly RunStatus[];
  /** The run that is at work now. */
  readonly working: LockOwner | null;
}

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

export type RunStatus = Pick<
  RunRecord,
  'id' | 'command' | 'version' | 'state' | 'outcome' | 'started' | 'ended' | 'step'
>;

export interface Observed {
  readonly host: string;
  readonly files: HostState;
  readonly cluster: ClusterState | null;
  readonly configuration: ConfigurationState;
  readonly now: Date;
}

/** Certificates with fewer days left are a problem. kubeadm's are for a year. */
export const FEW_DAYS = 30;
const RUNS_SHOWN = 5;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Judges what was seen. */
export function statusReport({ host, files, cluster, configuration, now }: Observed): StatusReport {
  const { archives, working } = files;
  const nodes = (cluster?.nodes ?? []).map(nodeStatus);
  const certificates = files.certificates.map((file) => certificateStatus(file, now));
  const [last] = files.runs.slice(-1);
  const isNone = cluster === null && certificates.length === 0 && archives.length === 0;
  const problems = [
    ...(cluster === null ? [] : clusterProblems(cluster, nodes)),
    ...certificates.flatMap(certificateProblem),
    ...archives.flatMap(({ path, fault }) => (fault === null ? [] : [`archive ${path}: ${fault}`])),
    ...(isNone ? [] : configurationProblem(configuration, cluster)),
    ...(last === undefined ? [] : runProblem(last, working)),
  ];
  const found = cluster === null && !isNone && problems.length === 0 ? [NO_KUBECONFIG] : problems;
  return {
    host,
    state: found.length > 0 ? 'unhealthy' : isNone ? 'no-cluster' : 'healthy',
    problems: found,
    api: cluster && { server: cluster.server, fault: cluster.fault },
    nodes,
    controlPlane: (cluster?.pods ?? []).flatMap(componentStatus),
    pods:
      cluster === null || cluster.fault !== null ? [] : systemNamespaces.map((name) => podCount(name, cluster.pods)),
    certificates,
    archives,
    configuration: { ...configuration, differences: configuration.differences.map(differenceLine) },
    runs: files.runs.slice(-RUNS_SHOWN).toReversed().map(runStatus),
    working,
  };
}

const NO_KUBECONFIG =
  'there is no /etc/kubernetes/admin.conf on this host, so the cluster cannot be asked: ask on a control plane';

function clusterProblems(
  { fault, pods, workloads, configuration }: ClusterState,
  nodes: readonly NodeStatus[],
): string[] {
  if (fault !== null) return [`the API server: ${fault}`];
  return [
    ...nodes.flatMap((node) => (node.fault === null ? [] : [`Node ${node.name} is not ready: ${node.fault}`])),
    ...namespaceFaults(pods, workloads).map(
      ({ kind, namespace, name, fault: why }) => `${kind} ${namespace}/${name} ${why}`,
    ),
    ...(configuration === null ? ['the cluster has no configuration of ours: bootstrap has not come to its end'] : []),
  ];
}

function nodeStatus(node: ApiObject): NodeStatus {
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
function componentStatus(pod: ApiObject): ComponentStatus[] {
  const labels = fieldsAt(pod, 'metadata', 'labels');
  if (labels.tier !== 'control-plane') return [];
  const node = textOf(fieldsAt(pod, 'spec'), 'nodeName');
  return [{ component: textOf(labels, 'component'), node, fault: podFault(pod) ?? null }];
}

function podCount(namespace: string, pods: readonly ApiObject[]): PodCount {
  const own = pods.filter(({ metadata }) => metadata.namespace === namespace);
  const ready = own.filter((pod) => conditionOf(pod, 'Ready').status === 'True');
  return { namespace, ready: ready.length, total: own.length };
}

function certificateStatus({ path, commonName, notAfter }: CertificateFile, now: Date): CertificateStatus {
  const daysLeft = notAfter === null ? null : Math.floor((notAfter.getTime() - now.getTime()) / DAY_MS);
  return { path, commonName, notAfter: notAfter?.toISOString() ?? null, daysLeft };
}

function certificateProblem({ path, notAfter, daysLeft }: CertificateStatus): string[] {
  if (notAfter === null || daysLeft === null) return [`${path} holds no certificate that can be read`];
  const day = notAfter.slice(0, 10);
  if (daysLeft < 0) return [`the certificate in ${path} ended on ${day}`];
  return daysLeft < FEW_DAYS ? [`the certificate in ${path} ends on ${day}, in ${daysLeft} days`] : [];
}

function configurationProblem(
  { file, state, differences, fault }: ConfigurationState,
  cluster: ClusterState | null,
): string[] {
  if (state === 'differs')
    return [`${file} is not what the cluster has: ${differences.map(differenceLine).join('; ')}`];
  // That the cluster does not answer, or has none, is told already.
  return fault !== null && cluster?.fault === null && cluster.configuration !== null ? [fault] : [];
}

function runProblem({ id, command, state, outcome, step }: RunRecord, working: LockOwner | null): string[] {
  if (state === 'finished') return [];
  if (working !== null) return [`run ${id} is at work, since ${working.since}`];
  const at = step === null ? '' : ` in step ${step.id}`;
  return [
    `run ${id} ${outcome === null ? 'was killed' : `was ${ENDS[outcome]}`}${at}: run \`metalk8s ${command}\` again`,
  ];
}

const ENDS = { done: 'ended', failed: 'ended by a failure', interrupted: 'interrupted' } as const;

function runStatus({ id, command, version, state, outcome, started, ended, step }: RunRecord): RunStatus {
  return { id, command, version, state, outcome, started, ended, step };
}
