import { type ApiClient, openApiClient } from '../api/api-client.ts';
import type { EffectiveConfiguration } from '../config/configuration.types.ts';
import { isMetalK8sError, MetalK8sError } from '../errors/metalk8s-error.ts';
import type { FileStore } from '../hosts/file-store.ts';
import type { ApiObject } from '../kubernetes/objects/api-object.ts';
import { configurationReference } from '../kubernetes/objects/own-namespace.ts';
import { ADMIN_KUBECONFIG } from '../kubernetes/pki/kubeconfig-specifications.ts';
import { differenceLine } from '../plan/differences.ts';
import { configurationDifferences } from './configuration-differences.ts';

interface Where {
  readonly files: Pick<FileStore, 'read'>;
  /** Of the configuration, for messages. */
  readonly file: string;
  readonly stop: AbortSignal;
}

/** A run that is to bring an API back does not wait long for it. */
const ANSWER_MS = 5_000;

/**
 * From bootstrap on the cluster's own configuration is the source of truth: a run with another one would take the cluster back to what it was.
 * Throws a `DIFFERS` with each field. Where the cluster does not answer, there is nothing to compare with, and the run may be what brings it back.
 */
export async function refuseOtherConfiguration(configuration: EffectiveConfiguration, where: Where): Promise<void> {
  const object = await clusterConfiguration(where);
  const found = object === undefined ? [] : configurationDifferences(object, { ...configuration });
  if (found === undefined || found.length === 0) return;
  const lines = found.map((difference) => `  ${differenceLine(difference)}`);
  throw new MetalK8sError('DIFFERS', ['The cluster has another configuration (cluster → file):', ...lines].join('\n'), {
    where: where.file,
    hint: 'The cluster is right: bring the file to what it says. metalk8s status shows both.',
  });
}

async function clusterConfiguration({ files, stop }: Where): Promise<ApiObject | undefined> {
  if ((await files.read(ADMIN_KUBECONFIG)) === undefined) return undefined;
  let client: ApiClient | undefined;
  try {
    client = await openApiClient(files, ADMIN_KUBECONFIG, { timeoutMs: ANSWER_MS });
    return await client.get(configurationReference, stop);
  } catch (error) {
    if (!isMetalK8sError(error) || error.code === 'INTERRUPTED') throw error;
    return undefined;
  } finally {
    client?.close();
  }
}
