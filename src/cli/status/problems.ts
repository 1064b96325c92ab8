import { shownOwner } from '../../engine/run-lock.ts';
import type { RunRecord } from '../../engine/run-record.ts';
import { namespaceFaults } from '../../kubernetes/health/namespace-faults.ts';
import { differenceLine } from '../../plan/differences.ts';
import type { ClusterState } from './observe-cluster.ts';
import type { ConfigurationState } from './observe-configuration.ts';
import type { HostState } from './observe-host.ts';
import type { CertificateStatus, NodeStatus } from './parts.ts';

/** Certificates with fewer days left are a problem. kubeadm's are for a year. */
export const FEW_DAYS = 30;

/** What is judged: what was seen, and the parts of the report that were made of it. */
interface Judged {
  readonly files: HostState;
  readonly cluster: ClusterState | null;
  readonly configuration: ConfigurationState;
  readonly nodes: readonly NodeStatus[];
  readonly certificates: readonly CertificateStatus[];
}

/** Everything that keeps a host with something of a cluster from being healthy, a line each. */
export function problemsOf({ files, cluster, configuration, nodes, certificates }: Judged): readonly string[] {
  const problems = [
    ...(cluster === null ? [] : clusterProblems(cluster, nodes)),
    ...certificates.flatMap(certificateProblem),
    ...files.archives.flatMap(({ path, fault }) => (fault === null ? [] : [`archive ${path}: ${fault}`])),
    ...configurationProblem(configuration, cluster),
    ...runProblems(files),
  ];
  return cluster === null && problems.length === 0 ? [NO_KUBECONFIG] : problems;
}

/**
 * Of whoever is at work, which need not be the last run: a command holds the lock before it has one of its own. Else of the last run; what it left
 * behind is a problem also where nothing else is of a cluster.
 */
export function runProblems({ runs, working }: Pick<HostState, 'runs' | 'working'>): readonly string[] {
  if (working !== null) return [`${shownOwner(working)} is at work`];
  const last = runs.at(-1);
  return last === undefined ? [] : runProblem(last);
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

function runProblem({ id, command, state, outcome, step }: RunRecord): string[] {
  if (state === 'finished') return [];
  const at = step === null ? '' : ` in step ${step.id}`;
  return [
    `run ${id} ${outcome === null ? 'was killed' : `was ${ENDS[outcome]}`}${at}: run \`metalk8s ${command}\` again`,
  ];
}

const ENDS = { done: 'ended', failed: 'ended by a failure', interrupted: 'interrupted' } as const;
