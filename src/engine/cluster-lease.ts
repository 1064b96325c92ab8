import type { StoredObject } from '../api/answer.ts';
import type { ApiClient } from '../api/api-client.ts';
import { ApiError } from '../api/api-error.ts';
import { type KeptApiClient, keepApiClient } from '../api/kept-api-client.ts';
import { isMetalK8sError, MetalK8sError } from '../errors/metalk8s-error.ts';
import type { FileStore } from '../hosts/file-store.ts';
import { fieldsAt, numberOf, textOf } from '../kubernetes/health/fields.ts';
import { FIELD_MANAGER, METALK8S_NAMESPACE, ownLabels } from '../kubernetes/objects/api-object.ts';
import type { Lease } from './lease.ts';

export interface LeaseOwner {
  readonly files: Pick<FileStore, 'read'>;
  /** Path of the kubeconfig; before there is one, there is no cluster. */
  readonly kubeconfig: string;
  /** Name of the host that works. A lease of the same host is taken over: its own lock keeps its runs apart, and the other one is dead. */
  readonly host: string;
  readonly runId: string;
  readonly now: () => Date;
}

const REFERENCE = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'run', namespace: METALK8S_NAMESPACE },
} as const;

/** From then on, counted from the last renewal, whoever held it is taken for dead. */
const LEASE_SECONDS = 60;
const RENEW_MS = 20_000;
/** An API server that hangs is as good as none: the lock of the host has to do. */
const ANSWER_MS = 5000;
const MOST_TRIES = 5;

/** The Lease `metalk8s-system/run` of the cluster that a kubeconfig leads to. Clocks of hosts may differ by less than it is valid for. */
export function clusterLease(owner: LeaseOwner): Lease {
  const api = keepApiClient(owner.files, owner.kubeconfig, { timeoutMs: ANSWER_MS });
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  // One after another: they share the client, and write one object.
  function inTurn<Value>(work: (client: ApiClient) => Promise<Value>): Promise<Value | undefined> {
    const turn = last.then(() => unlessAway(api, work));
    last = turn.catch(ignore);
    return turn;
  }
  return {
    async hold() {
      const held = await inTurn((client) => take(client, owner));
      if (held !== true || timer !== undefined) return;
      // Whoever has taken it meanwhile is told of before the next step.
      timer = setInterval(() => inTurn((client) => take(client, owner)).catch(ignore), RENEW_MS).unref();
    },
    async release() {
      clearInterval(timer);
      await inTurn((client) => giveBack(client, owner)).catch(ignore);
      api.close();
    },
  };
}

function ignore(): void {}

/** Undefined when there is no API, it does not answer, or it does not let us: then it is no cluster yet. */
async function unlessAway<Value>(
  api: KeptApiClient,
  work: (client: ApiClient) => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await work(await api.open());
  } catch (error) {
    api.close();
    if (isMetalK8sError(error) && error.code !== 'LOCKED') return undefined;
    throw error;
  }
}

/** Makes it ours for another while; gives whether it is. Throws a `LOCKED` when it is another's. */
async function take(client: ApiClient, owner: LeaseOwner): Promise<boolean> {
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    try {
      const present = await client.get(REFERENCE);
      const written =
        present === undefined
          ? await client.create({ ...REFERENCE, ...taken(undefined, owner) }, FIELD_MANAGER)
          : await client.patch(REFERENCE, taken(present, owner), FIELD_MANAGER);
      if (written !== undefined) return true;
    } catch (error) {
      // Somebody wrote it in between, who may be its owner now.
      if (!(error instanceof ApiError && error.reason === 'Conflict')) throw error;
    }
  }
  return false;
}

/** The Lease as it is to be. Of what was read: if it was written since, the API refuses. */
function taken(present: StoredObject | undefined, owner: LeaseOwner) {
  const now = owner.now();
  const spec = present === undefined ? {} : fieldsAt(present, 'spec');
  const holder = textOf(spec, 'holderIdentity');
  const expires =
    Date.parse(textOf(spec, 'renewTime')) + (numberOf(spec, 'leaseDurationSeconds') ?? LEASE_SECONDS) * 1000;
  const isOthers = holder !== '' && !holder.startsWith(`${owner.host}/`);
  if (isOthers && expires > now.getTime()) throw lockedBy(holder, spec, new Date(expires));
  const identity = identityOf(owner);
  const transitions = numberOf(spec, 'leaseTransitions') ?? 0;
  const begun =
    holder === identity
      ? {}
      : { holderIdentity: identity, acquireTime: microTime(now), leaseTransitions: present ? transitions + 1 : 0 };
  return {
    metadata: present === undefined ? { ...REFERENCE.metadata, labels: ownLabels } : versionOf(present),
    spec: { ...begun, renewTime: microTime(now), leaseDurationSeconds: LEASE_SECONDS },
  };
}

async function giveBack(client: ApiClient, owner: LeaseOwner): Promise<void> {
  const present = await client.get(REFERENCE);
  if (present === undefined || textOf(fieldsAt(present, 'spec'), 'holderIdentity') !== identityOf(owner)) return;
  const patch = { metadata: versionOf(present), spec: { holderIdentity: null, renewTime: microTime(owner.now()) } };
  await client.patch(REFERENCE, patch, FIELD_MANAGER);
}

function versionOf({ metadata: { name, namespace, resourceVersion } }: StoredObject) {
  return { name, ...(namespace !== undefined && { namespace }), resourceVersion };
}

function identityOf({ host, runId }: LeaseOwner): string {
  return `${host}/${runId}`;
}

function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}

function lockedBy(holder: string, spec: Parameters<typeof textOf>[0], expires: Date): MetalK8sError {
  const { name, namespace } = REFERENCE.metadata;
  const [, host, run] = /^([^/]+)\/(.+)$/.exec(holder) ?? [];
  const who = host === undefined ? holder : `${run} on ${host}`;
  return new MetalK8sError(
    'LOCKED',
    `Another run works on this cluster: ${who}, since ${textOf(spec, 'acquireTime') || 'an unknown time'}`,
    {
      where: `Lease ${namespace}/${name}`,
      hint:
        `Wait for its end. If it is dead, the cluster is free from ${expires.toISOString()} on; where a clock was wrong and that is ` +
        `far off: kubectl -n ${namespace} delete lease ${name}`,
    },
  );
}
