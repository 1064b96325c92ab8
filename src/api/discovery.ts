import { isList, isRecord } from '../values/is-record.ts';
import { readAnswer } from './answer.ts';
import { ApiError } from './api-error.ts';
import type { Transport } from './transport.ts';

/** Where objects of a kind are, as the API says. */
export interface Resource {
  /** `/apis/apps/v1` */
  readonly base: string;
  /** `daemonsets` */
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface Discovery {
  /** Undefined while the API does not serve the kind. What it serves is asked once; what it does not, each time. */
  find(apiVersion: string, kind: string, stop?: AbortSignal): Promise<Resource | undefined>;
}

/** Asks the API itself which kinds it has: it knows those of its own version and of every CustomResourceDefinition. */
export function createDiscovery(transport: Transport): Discovery {
  const known = new Map<string, Resource>();
  return {
    async find(apiVersion, kind, stop) {
      const key = `${apiVersion} ${kind}`;
      const found = known.get(key);
      if (found !== undefined) return found;
      for (const [name, resource] of await resourcesOf(transport, apiVersion, stop))
        known.set(`${apiVersion} ${name}`, resource);
      return known.get(key);
    },
  };
}

async function resourcesOf(
  transport: Transport,
  apiVersion: string,
  stop?: AbortSignal,
): Promise<readonly (readonly [string, Resource])[]> {
  const base = apiVersion.includes('/')
    ? `/apis/${apiVersion.split('/').map(encodeURIComponent).join('/')}`
    : `/api/${encodeURIComponent(apiVersion)}`;
  const asked = { doing: `ask for the kinds of ${apiVersion}`, where: transport.where };
  const answer = await transport.ask({ ...asked, method: 'GET', path: base, stop });
  if (answer.status === 404) return [];
  const { resources } = readAnswer(answer, asked);
  if (!isList(resources)) throw new ApiError({ ...asked, said: 'the answer is no list of kinds' });
  return resources.flatMap((resource) => {
    if (!isRecord(resource)) return [];
    const { name, kind, namespaced } = resource;
    // Names with a slash are parts of another kind: `pods/log`.
    if (typeof name !== 'string' || typeof kind !== 'string' || name.includes('/')) return [];
    return [[kind, { base, plural: name, namespaced: namespaced === true }] as const];
  });
}
