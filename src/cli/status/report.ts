import type { LockOwner } from '../../engine/run-lock.ts';
import type { RunRecord } from '../../engine/run-record.ts';
import { differenceLine } from '../../plan/differences.ts';
import { type ClusterState, systemNamespaces } from './observe-cluster.ts';
import type { ConfigurationState } from './observe-configuration.ts';
import type { ArchiveState, HostState } from './observe-host.ts';
import {
  type CertificateStatus,
  type ComponentStatus,
  certificateStatus,
  componentStatus,
  type NodeStatus,
  nodeStatus,
  type PodCount,
  podCount,
} from './parts.ts';
import { problemsOf, runProblems } from './problems.ts';

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
  /** Who is at work on the host now. */
  readonly working: LockOwner | null;
}

export type RunStatus = Pick<
  RunRecord,
  'id' | 'command' | 'version' | 'state' | 'outcome' | 'started' | 'ended' | 'step'
>;

interface Observed {
  readonly host: string;
  readonly files: HostState;
  readonly cluster: ClusterState | null;
  readonly configuration: ConfigurationState;
  readonly now: Date;
}

const RUNS_SHOWN = 5;
/** Judges what was seen. */
export function statusReport({ host, files, cluster, configuration, now }: Observed): StatusReport {
  const { archives, working } = files;
  const nodes = (cluster?.nodes ?? []).map(nodeStatus);
  const certificates = files.certificates.map((file) => certificateStatus(file, now));
  const isNone = cluster === null && certificates.length === 0 && archives.length === 0;
  const problems = isNone ? runProblems(files) : problemsOf({ files, cluster, configuration, nodes, certificates });
  return {
    host,
    state: problems.length > 0 ? 'unhealthy' : isNone ? 'no-cluster' : 'healthy',
    problems,
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

function runStatus({ id, command, version, state, outcome, started, ended, step }: RunRecord): RunStatus {
  return { id, command, version, state, outcome, started, ended, step };
}
