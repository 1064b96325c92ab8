import { type ApiClient, openApiClient } from '../../api/api-client.ts';
import { isMetalK8sError } from '../../errors/metalk8s-error.ts';
import type { FileStore } from '../../hosts/file-store.ts';
import { workloadKinds } from '../../kubernetes/health/workload-fault.ts';
import { type ApiObject, METALK8S_NAMESPACE } from '../../kubernetes/objects/api-object.ts';
import { configurationReference } from '../../kubernetes/objects/own-namespace.ts';
import { SYSTEM_NAMESPACE } from '../../kubernetes/static-pods/pod.ts';

/** What the API of a cluster says. */
export interface ClusterState {
  /** Server and kubeconfig. */
  readonly server: string;
  /** Why it does not say all; null: it does. Lists are empty then. */
  readonly fault: string | null;
  readonly nodes: readonly ApiObject[];
  /** Of the namespaces of the system. */
  readonly pods: readonly ApiObject[];
  readonly workloads: readonly ApiObject[];
  /** The object with the configuration in effect; null: there is none. */
  readonly configuration: ApiObject | null;
}

/** Namespaces that the system is in. */
export const systemNamespaces = [SYSTEM_NAMESPACE, METALK8S_NAMESPACE] as const;

/** A server that hangs is told of soon. */
const ANSWER_MS = 10_000;

/** Asks the API that a kubeconfig leads to. An API that does not answer is a fault that is told; throws the reason of `stop`. */
export async function observeCluster(
  files: Pick<FileStore, 'read'>,
  kubeconfig: string,
  stop: AbortSignal,
): Promise<ClusterState> {
  const nothing = { nodes: [], pods: [], workloads: [], configuration: null };
  let server = kubeconfig;
  let client: ApiClient | undefined;
  try {
    client = await openApiClient(files, kubeconfig, { timeoutMs: ANSWER_MS });
    server = client.where;
    const unready = await client.unready(stop);
    if (unready !== undefined) return { server, fault: `it is not ready: ${unready}`, ...nothing };
    return { server, fault: null, ...(await ask(client, stop)) };
  } catch (error) {
    if (!isMetalK8sError(error) || error.code === 'INTERRUPTED') throw error;
    return { server, fault: error.message, ...nothing };
  } finally {
    client?.close();
  }
}

async function ask(client: ApiClient, stop: AbortSignal): Promise<Omit<ClusterState, 'server' | 'fault'>> {
  const nodes = await client.list('v1', 'Node', { stop });
  const workloads = [];
  const pods = [];
  for (const namespace of systemNamespaces) {
    for (const kind of workloadKinds) workloads.push(...(await client.list('apps/v1', kind, { namespace, stop })));
    pods.push(...(await client.list('v1', 'Pod', { namespace, stop })));
  }
  const configuration = (await client.get(configurationReference, stop)) ?? null;
  return { nodes, workloads, pods, configuration };
}
