import type { FileStore } from '../hosts/file-store.ts';
import { type ApiClient, apiClientFor } from './api-client.ts';
import { type Credentials, readCredentials } from './credentials.ts';
import type { TransportLimits } from './transport.ts';

/** One client for many uses, as long as it leads to the same cluster. */
export interface KeptApiClient {
  /** The client that is open, or another where the kubeconfig says something else than it did. Throws a `STEP_FAILED` for one that is not usable. */
  open(): Promise<ApiClient>;
  /** Closes what is open; the next `open` begins anew, with connections and with what is known of the API. */
  close(): void;
}

/** Opens nothing yet: the kubeconfig may come later, and is read at each use. */
export function keepApiClient(
  files: Pick<FileStore, 'read'>,
  kubeconfig: string,
  limits: Partial<TransportLimits> = {},
): KeptApiClient {
  let kept: { readonly client: ApiClient; readonly credentials: Credentials } | undefined;
  function close(): void {
    kept?.client.close();
    kept = undefined;
  }
  return {
    async open() {
      const credentials = await readCredentials(files, kubeconfig);
      if (kept !== undefined && isSame(kept.credentials, credentials)) return kept.client;
      close();
      kept = { client: apiClientFor(credentials, limits), credentials };
      return kept.client;
    },
    close,
  };
}

function isSame(one: Credentials, other: Credentials): boolean {
  return (
    one.server.href === other.server.href &&
    one.authority === other.authority &&
    one.certificate === other.certificate &&
    one.key === other.key
  );
}
