import { randomUUID } from 'node:crypto';
import type { Json } from './json.ts';
import { signClusterInfo } from './sign-cluster-info.ts';

export interface ApiCall {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** Organizations of the client's certificate. */
  readonly groups: readonly string[];
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: Json;
}

/** Objects by API path, such as `/api/v1/nodes/cp1`. */
export type ApiStore = Map<string, Json>;

const ADMINS = 'kubeadm:cluster-admins';
const ADMINS_BINDING = `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${ADMINS}`;

/**
 * Answers a call as the Kubernetes API would, as far as kubeadm can tell: create, read, list by labels, replace, merge,
 * delete, with the status codes of the API conventions. Three things it does on purpose like a real cluster: the group of
 * admin.conf may do nothing before its binding exists, cluster-info carries a signature for each bootstrap token, and
 * created objects get a uid.
 */
export function answer(store: ApiStore, call: ApiCall): ApiAnswer {
  if (['/livez', '/readyz', '/healthz'].includes(call.path)) return { status: 200, body: {} };
  if (call.groups.includes(ADMINS) && !store.has(ADMINS_BINDING)) return failure(403, 'Forbidden', call.path);
  switch (call.method) {
    case 'POST':
      return create(store, call);
    case 'GET':
      return isCollection(call.path) ? list(store, call) : read(store, call.path);
    case 'PUT':
      return change(store, call.path, () => call.body as Json);
    case 'PATCH':
      return change(store, call.path, (present) => merge(present, call.body as Json));
    case 'DELETE':
      return store.delete(call.path) ? { status: 200, body: status('Success') } : failure(404, 'NotFound', call.path);
    default:
      return failure(405, 'MethodNotAllowed', call.path);
  }
}

/** The API path of an object created by POST to a collection. */
function objectPath(collection: string, body: unknown): string {
  return `${collection}/${(body as { metadata: { name: string } }).metadata.name}`;
}

function create(store: ApiStore, call: ApiCall): ApiAnswer {
  const path = objectPath(call.path, call.body);
  if (store.has(path)) return failure(409, 'AlreadyExists', path);
  const body = call.body as Json;
  const metadata = { ...(body.metadata as Json), uid: randomUUID(), resourceVersion: '1' };
  store.set(path, { ...body, metadata });
  return { status: 201, body: { ...body, metadata } };
}

function read(store: ApiStore, path: string): ApiAnswer {
  const object = store.get(path);
  if (object === undefined) return failure(404, 'NotFound', path);
  if (!path.endsWith('/configmaps/cluster-info')) return { status: 200, body: object };
  return { status: 200, body: signClusterInfo(object, [...store.values()]) };
}

function list(store: ApiStore, call: ApiCall): ApiAnswer {
  const wanted = (call.query.get('labelSelector') ?? '').split(',').filter(Boolean);
  const items = [...store]
    .filter(([path]) => path.startsWith(`${call.path}/`) && !path.slice(call.path.length + 1).includes('/'))
    .map(([, object]) => object)
    .filter((object) => {
      const labels = ((object.metadata as Json).labels ?? {}) as Json;
      return wanted.every((pair) => `${labels[pair.split('=')[0] ?? '']}` === pair.split('=').at(-1));
    });
  // Without a kind the client takes what it asked for.
  return { status: 200, body: { metadata: { resourceVersion: '1' }, items } };
}

function change(store: ApiStore, path: string, make: (present: Json) => Json): ApiAnswer {
  const present = store.get(path);
  if (present === undefined) return failure(404, 'NotFound', path);
  const body = make(present);
  store.set(path, body);
  return { status: 200, body };
}

/** RFC 7386, which for what kubeadm patches has the effect of a strategic merge; `$` directives are left out. */
function merge(present: Json, patch: Json): Json {
  const result: Json = { ...present };
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) delete result[key];
    else if (isObject(value)) result[key] = merge(isObject(result[key]) ? result[key] : {}, value);
    else result[key] = value;
  }
  return result;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `/api/v1/…` and `/apis/GROUP/VERSION/…` are followed by `[namespaces/NAME/]RESOURCE[/NAME]`. */
function isCollection(path: string): boolean {
  const parts = path.split('/').slice(path.startsWith('/apis/') ? 4 : 3);
  const own = parts[0] === 'namespaces' && parts.length > 2 ? parts.slice(2) : parts;
  return own.length === 1;
}

function failure(code: number, reason: string, path: string): ApiAnswer {
  return { status: code, body: { ...status('Failure'), reason, code, message: `${path}: ${reason}` } };
}

function status(value: string): Json {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: value };
}
