import { columns, section } from '../columns.ts';
import type { CertificateStatus } from './parts.ts';
import type { RunStatus, StatusReport } from './report.ts';

/** The report for people. Ends with a newline. */
export function statusText(report: StatusReport): string {
  const { host, state, problems, api, nodes, controlPlane, pods, certificates, archives, runs } = report;
  const rows = {
    nodes: nodes.map((node) => [
      node.name,
      [node.fault === null ? 'ready' : 'not ready', ...(node.schedulable ? [] : ['cordoned'])].join(', '),
      node.roles.join(','),
      node.kubernetes,
      node.version === null ? 'not ours' : `metalk8s ${node.version}`,
      node.address,
    ]),
    controlPlane: controlPlane.map(({ component, node, fault }) => [component, node, fault ?? 'ready']),
    pods: pods.map(({ namespace, ready, total }) => [namespace, `${ready} of ${total} ready`]),
    certificates: certificates.map((each) => [each.path, lifeOf(each), each.commonName ?? '']),
    archives: archives.map(({ version, path, from, fault }) => [
      version,
      path,
      fault ?? (from === null ? '' : `from ${from}`),
    ]),
    runs: runs.map((run) => [run.id, endOf(run), run.started]),
  };
  return [
    `${host}: ${HEADS[state]}\n${problems.map((problem) => `  - ${problem}\n`).join('')}`,
    ...(api === null ? [] : [columns([['API', api.server, api.fault === null ? 'ready' : 'away']])]),
    ...section(`Nodes (${nodes.length})`, rows.nodes),
    ...section('Control plane', rows.controlPlane),
    ...section('Pods of the system', rows.pods),
    ...section('Certificates', rows.certificates),
    ...section('Archives', rows.archives),
    ...(state === 'no-cluster' ? [] : section('Configuration', [configurationRow(report)])),
    ...section('Last runs', rows.runs),
  ].join('\n');
}

const HEADS = {
  healthy: 'healthy',
  unhealthy: 'not healthy',
  'no-cluster': 'no cluster on this host',
} as const;

function lifeOf({ notAfter, daysLeft }: CertificateStatus): string {
  if (notAfter === null || daysLeft === null) return 'unreadable';
  const day = notAfter.slice(0, 10);
  return daysLeft < 0 ? `ended on ${day}` : `${daysLeft} days, until ${day}`;
}

function configurationRow({ configuration: { file, state, fault, differences } }: StatusReport): readonly string[] {
  switch (state) {
    case 'same':
      return [file, 'as the cluster has it'];
    case 'differs':
      return [file, `differs from the cluster’s in ${differences.length}`];
    case 'no-file':
      return [file, 'is not there; the cluster’s own counts'];
    case 'unknown':
      return [file, fault ?? 'unknown'];
  }
}

function endOf({ state, outcome, step }: RunStatus): string {
  if (state === 'finished') return 'finished';
  return `${outcome ?? 'not ended'}${step === null ? '' : ` in ${step.id}`}`;
}
