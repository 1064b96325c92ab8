import type { StepOf } from '../engine/step-handler.ts';
import type { Plan, Step } from '../plan/plan.ts';

/** What `bootstrap` gives to programs. */
export interface BootstrapReport {
  readonly run: string;
  readonly version: string;
  readonly kubernetes: string;
  readonly node: string;
  /** URL of the API that users and tools ask. */
  readonly apiServer: string;
  /** Of administrators, on the node. */
  readonly kubeconfig: string;
  /** Where whoever called has a copy, or had a file before. */
  readonly ownKubeconfig: string;
  /** As kubectl writes them; they keep pods of users away. */
  readonly taints: readonly string[];
  /** Whether the owner of the cluster has to bring a network for pods. */
  readonly networkMissing: boolean;
  readonly steps: number;
  readonly changed: number;
  readonly alreadySo: number;
  readonly seconds: number;
  readonly log: string;
}

export interface RunEnd {
  readonly runId: string;
  readonly changed: number;
  readonly alreadySo: number;
  readonly seconds: number;
  readonly log: string;
}

/** What stands, once a plan was carried out. */
export function bootstrapReport(plan: Plan, { runId, changed, alreadySo, seconds, log }: RunEnd): BootstrapReport {
  const copy = stepOf(plan, 'copy-kubeconfig');
  const { node, marks } = stepOf(plan, 'patch-node');
  const admin = plan.steps.find(
    (step) => step.kind === 'ensure-kubeconfig' && step.specification.file.path === copy.source,
  );
  return {
    run: runId,
    version: plan.version,
    kubernetes: plan.kubernetes ?? '',
    node,
    apiServer: admin?.kind === 'ensure-kubeconfig' ? admin.specification.server : '',
    kubeconfig: copy.source,
    ownKubeconfig: copy.target,
    taints: marks.taints.map(({ key, value, effect }) => `${key}${value === undefined ? '' : `=${value}`}:${effect}`),
    networkMissing: !plan.steps.some((step) => step.kind === 'wait-for' && step.condition.that === 'node-ready'),
    steps: plan.steps.length,
    changed,
    alreadySo,
    seconds,
    log,
  };
}

/** The same for people, with what to type next. */
export function bootstrapText(report: BootstrapReport): string {
  const { node, kubernetes, version, apiServer, kubeconfig, ownKubeconfig, changed, steps, seconds, log } = report;
  const what = changed === 0 ? 'nothing was to be changed' : `${changed} of ${steps} steps changed something`;
  const rows = [
    ['Cluster', `Kubernetes ${kubernetes} on ${node}, by metalk8s ${version}`],
    ['Run', `${what}, in ${duration(seconds)}`],
    ['API', apiServer],
    ['Kubeconfig', `${kubeconfig}; ${ownKubeconfig}, unless there was one before, is a copy`],
    ['Log', log],
  ];
  const head = rows.map(([label = '', value]) => `${label.padEnd(12)}${value}`);
  return `${[...head, '', ...nextLines(report)].join('\n')}\n`;
}

function nextLines({ node, taints, networkMissing, kubeconfig }: BootstrapReport): readonly string[] {
  return [
    'Look at it:',
    `  export KUBECONFIG=${kubeconfig}`,
    '  kubectl get nodes',
    '  kubectl get pods --all-namespaces',
    '  metalk8s status',
    ...(networkMissing
      ? ['', 'The configuration asks for no network plugin: the node is not ready until you bring one.']
      : []),
    ...taints.flatMap((taint) => [
      '',
      `The node is kept for the cluster itself (taint ${taint}). To have your own pods there as well:`,
      `  kubectl taint nodes ${node} ${taint}-`,
    ]),
  ];
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function stepOf<Kind extends Step['kind']>({ steps }: Plan, kind: Kind): StepOf<Kind> {
  const found = steps.find((step): step is StepOf<Kind> => step.kind === kind);
  if (found === undefined) throw new RangeError(`the plan has no step of kind ${kind}`);
  return found;
}
