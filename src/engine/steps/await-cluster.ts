import type { StoredObject } from '../../api/answer.ts';
import type { ApiClient } from '../../api/api-client.ts';
import { ApiError } from '../../api/api-error.ts';
import { keepApiClient } from '../../api/kept-api-client.ts';
import { conditionOf } from '../../kubernetes/health/fields.ts';
import { type HealthFault, namespaceFaults } from '../../kubernetes/health/namespace-faults.ts';
import { nodeFault } from '../../kubernetes/health/node-fault.ts';
import { workloadKinds } from '../../kubernetes/health/workload-fault.ts';
import { SYSTEM_NAMESPACE } from '../../kubernetes/static-pods/pod.ts';
import type { Condition } from '../../plan/step-kinds.ts';
import type { StepContext } from '../step-handler.ts';
import type { Awaited } from '../wait-until.ts';
import { type PodName, tellOfPods } from './tell-of-pods.ts';

type ClusterCondition = Extract<Condition, { readonly kubeconfig: string }>;

/** How many faults are told in one line. */
const MOST_TOLD = 8;
/** Of how many pods the host is asked when the deadline has passed, and how long the API may take to say of which. */
const MOST_EXPLAINED = 3;
const EXPLAIN_MS = 10_000;

/** What a condition of a cluster waits for. While the API server is away, that is what is seen. */
export function awaitCluster(condition: ClusterCondition, { host }: Pick<StepContext, 'host'>): Awaited {
  const client = keepApiClient(host.files, condition.kubeconfig);
  return {
    ...wordsOf(condition),
    look: async (stop) => whileAway(lookFor(condition, await client.open(), stop)),
    explain: async () => {
      const faulty = await client
        .open()
        .then((opened) => faultyPods(condition, opened))
        .catch(() => []);
      return tellOfPods(host, faulty);
    },
    end: client.close,
  };
}

/** Pods that a node is not ready without are those of the system. One that is nowhere yet has nothing to say. */
async function faultyPods(condition: ClusterCondition, client: ApiClient): Promise<readonly PodName[]> {
  if (condition.that === 'node-registered') return [];
  const namespace = condition.that === 'pods-ready' ? condition.namespace : SYSTEM_NAMESPACE;
  const pods = await client.list('v1', 'Pod', { namespace, stop: AbortSignal.timeout(EXPLAIN_MS) });
  const isScheduled = (pod: StoredObject) => conditionOf(pod, 'PodScheduled').status === 'True';
  return namespaceFaults(pods.filter(isScheduled), []).slice(0, MOST_EXPLAINED);
}

/** What is seen, or why the API cannot say so at this moment. */
export async function whileAway(look: Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await look;
  } catch (error) {
    if (error instanceof ApiError && error.transient !== undefined) return error.message;
    throw error;
  }
}

function wordsOf(condition: ClusterCondition): Omit<Awaited, 'look'> {
  const kubectl = `kubectl --kubeconfig ${condition.kubeconfig}`;
  switch (condition.that) {
    case 'node-registered':
      return {
        what: `Node ${condition.node} is registered`,
        where: `Node ${condition.node}`,
        hint: 'The kubelet registers it: look at `journalctl -u kubelet`.',
      };
    case 'node-ready':
      return {
        what: `Node ${condition.node} is ready`,
        where: `Node ${condition.node}`,
        hint: `Look at \`${kubectl} describe node ${condition.node}\` and \`journalctl -u kubelet\`.`,
      };
    case 'pods-ready':
      return {
        what: `all pods of ${condition.namespace} are ready`,
        where: `namespace ${condition.namespace}`,
        hint: `Look at \`${kubectl} -n ${condition.namespace} get pods\`, then \`describe pod\` and \`logs --previous\` of one that is named.`,
      };
  }
}

async function lookFor(condition: ClusterCondition, client: ApiClient, stop: AbortSignal): Promise<string | undefined> {
  switch (condition.that) {
    case 'node-registered':
      return (await client.get(nodeReference(condition.node), stop)) === undefined ? NO_NODE : undefined;
    case 'node-ready': {
      const node = await client.get(nodeReference(condition.node), stop);
      return node === undefined ? NO_NODE : nodeFault(node);
    }
    case 'pods-ready':
      return podsUnready(client, condition.namespace, stop);
  }
}

const NO_NODE = 'there is no such Node';

export function nodeReference(name: string) {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name } } as const;
}

async function podsUnready(client: ApiClient, namespace: string, stop: AbortSignal): Promise<string | undefined> {
  const workloads = [];
  for (const kind of workloadKinds) workloads.push(...(await client.list('apps/v1', kind, { namespace, stop })));
  // After the workloads: what they have made by then is among them.
  const pods = await client.list('v1', 'Pod', { namespace, stop });
  if (pods.length === 0) return 'there is none';
  const faults = namespaceFaults(pods, workloads);
  return faults.length === 0 ? undefined : told(faults);
}

function told(faults: readonly HealthFault[]): string {
  const lines = faults.slice(0, MOST_TOLD).map(({ kind, name, fault }) => `${kind} ${name} ${fault}`);
  const others = faults.length - lines.length;
  return [...lines, ...(others > 0 ? [`and ${others} more`] : [])].join('; ');
}
