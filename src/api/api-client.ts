import type { FileStore } from '../hosts/file-store.ts';
import { type ApiObject, nameOfObject } from '../kubernetes/objects/api-object.ts';
import { type Asked, readAnswer, readObject, readPage, type StoredObject } from './answer.ts';
import { ApiError } from './api-error.ts';
import { type Credentials, readCredentials } from './credentials.ts';
import { createDiscovery, type Discovery, type Resource } from './discovery.ts';
import { listPath, namespaceOf, type ObjectReference, objectPath } from './object-path.ts';
import { type ApiRequest, openTransport, type Transport, type TransportLimits } from './transport.ts';

interface ListOptions {
  /** All namespaces when left out. */
  readonly namespace?: string;
  /** `app=nginx`, as kubectl's `--selector`. */
  readonly labelSelector?: string;
  /** `spec.nodeName=cp1` */
  readonly fieldSelector?: string;
  readonly stop?: AbortSignal | undefined;
}

/**
 * The API of one cluster, for one user. Objects are plain data: what is sent and what comes has every field, also those of a Kubernetes that is
 * newer than this program. Each function throws an ApiError that says what was to be done, the status and what the server said. `stop` gives
 * up what only looks; what writes comes to its end.
 */
export interface ApiClient {
  /** Server and kubeconfig, for messages. */
  readonly where: string;
  /** Whether the API has a kind now. */
  serves(apiVersion: string, kind: string, stop?: AbortSignal): Promise<boolean>;
  /** Undefined when there is no such object. */
  get(reference: ObjectReference, stop?: AbortSignal): Promise<StoredObject | undefined>;
  /** All objects, page by page. */
  list(apiVersion: string, kind: string, options?: ListOptions): Promise<readonly StoredObject[]>;
  /** Server-side apply, with force and strict validation; gives the object as it is then. */
  apply(object: ApiObject, fieldManager: string): Promise<StoredObject>;
  /** Undefined when there is one of that name already, whatever it says. */
  create(object: ApiObject, fieldManager: string): Promise<StoredObject | undefined>;
  /** Strategic merge patch, which custom resources do not have. With `metadata.resourceVersion` it fails when somebody else was faster. */
  patch(reference: ObjectReference, body: object, fieldManager: string): Promise<StoredObject>;
  /** With what it owns, which goes after it. Gives whether there was one. */
  delete(reference: ObjectReference): Promise<boolean>;
  /** Undefined when the server is ready, else which of its own checks fail. */
  unready(stop?: AbortSignal): Promise<string | undefined>;
  close(): void;
}

const PAGE = 250;
/** More than any cluster has; a server that never comes to an end is no API server. */
const MOST_PAGES = 1000;

/** A client with what a kubeconfig of a host says. Throws a `STEP_FAILED` that names the file when it is not usable; asks nothing yet. */
export async function openApiClient(
  files: Pick<FileStore, 'read'>,
  kubeconfig: string,
  limits: Partial<TransportLimits> = {},
): Promise<ApiClient> {
  return apiClientFor(await readCredentials(files, kubeconfig), limits);
}

/** The same with what was read of a kubeconfig before. */
export function apiClientFor(credentials: Credentials, limits: Partial<TransportLimits> = {}): ApiClient {
  return new HttpsApiClient(openTransport(credentials, limits));
}

class HttpsApiClient implements ApiClient {
  readonly #transport: Transport;
  readonly #discovery: Discovery;

  constructor(transport: Transport) {
    this.#transport = transport;
    this.#discovery = createDiscovery(transport);
  }

  get where(): string {
    return this.#transport.where;
  }

  async serves(apiVersion: string, kind: string, stop?: AbortSignal): Promise<boolean> {
    return (await this.#discovery.find(apiVersion, kind, stop)) !== undefined;
  }

  async get(reference: ObjectReference, stop?: AbortSignal): Promise<StoredObject | undefined> {
    const asked = this.#asked('read', reference);
    const path = objectPath(await this.#resource(reference, stop), reference);
    const read = this.#object(reference, asked, { method: 'GET', path, stop });
    return read.catch(undefinedFor(({ status }) => status === 404));
  }

  async list(apiVersion: string, kind: string, options: ListOptions = {}): Promise<readonly StoredObject[]> {
    const { namespace, stop, ...selectors } = options;
    const asked = { doing: `list ${kind} of ${namespace ?? 'all namespaces'}`, where: this.where };
    const path = listPath(await this.#resource({ apiVersion, kind }, stop), namespace);
    const objects: StoredObject[] = [];
    for (let pages = 0, next = ''; pages < MOST_PAGES; pages++) {
      const query = { limit: String(PAGE), ...selectors, ...(next !== '' && { continue: next }) };
      const page = readPage(await this.#answer(asked, { method: 'GET', path, query, stop }), asked);
      objects.push(...page.items.map((item) => readObject(item, { ...asked, apiVersion, kind })));
      if (page.next === '') return objects;
      next = page.next;
    }
    throw new ApiError({ ...asked, said: `the list has more than ${MOST_PAGES} pages` });
  }

  async apply(object: ApiObject, fieldManager: string): Promise<StoredObject> {
    const query = { fieldManager, force: 'true', fieldValidation: 'Strict' };
    // JSON is YAML.
    const body = { type: 'application/apply-patch+yaml', text: JSON.stringify(object) };
    const path = objectPath(await this.#resource(object), object);
    return this.#object(object, this.#asked('apply', object), { method: 'PATCH', path, query, body });
  }

  async create(object: ApiObject, fieldManager: string): Promise<StoredObject | undefined> {
    const query = { fieldManager, fieldValidation: 'Strict' };
    const body = { type: 'application/json', text: JSON.stringify(object) };
    const resource = await this.#resource(object);
    const path = listPath(resource, namespaceOf(resource, object));
    const created = this.#object(object, this.#asked('create', object), { method: 'POST', path, query, body });
    return created.catch(undefinedFor(({ reason }) => reason === 'AlreadyExists'));
  }

  async patch(reference: ObjectReference, content: object, fieldManager: string): Promise<StoredObject> {
    const query = { fieldManager, fieldValidation: 'Strict' };
    const body = { type: 'application/strategic-merge-patch+json', text: JSON.stringify(content) };
    const path = objectPath(await this.#resource(reference), reference);
    return this.#object(reference, this.#asked('change', reference), { method: 'PATCH', path, query, body });
  }

  async delete(reference: ObjectReference): Promise<boolean> {
    const path = objectPath(await this.#resource(reference), reference);
    const query = { propagationPolicy: 'Background' };
    const gone = this.#answer(this.#asked('delete', reference), { method: 'DELETE', path, query });
    return (await gone.catch(undefinedFor(({ status }) => status === 404))) !== undefined;
  }

  async unready(stop?: AbortSignal): Promise<string | undefined> {
    const doing = 'ask whether the API server is ready';
    const { status, text } = await this.#transport.ask({
      doing,
      method: 'GET',
      path: '/readyz',
      query: { verbose: '' },
      stop,
    });
    if (status === 200) return undefined;
    const failing = [...text.matchAll(/^\[-\]([\w./-]{1,100}) /gm)].map(([, name]) => name);
    return failing.length === 0 ? `status ${status}` : `these of its checks fail: ${failing.slice(0, 20).join(', ')}`;
  }

  close(): void {
    this.#transport.close();
  }

  #asked(verb: string, reference: ObjectReference): Asked {
    return { doing: `${verb} ${nameOfObject(reference)}`, where: this.where };
  }

  async #resource({ apiVersion, kind }: Omit<ObjectReference, 'metadata'>, stop?: AbortSignal): Promise<Resource> {
    const found = await this.#discovery.find(apiVersion, kind, stop);
    if (found !== undefined) return found;
    throw new ApiError({
      doing: `use ${kind} of ${apiVersion}`,
      where: this.where,
      status: 404,
      said: 'the API has no such kind',
    });
  }

  async #answer(asked: Asked, request: Omit<ApiRequest, 'doing'>): Promise<Readonly<Record<string, unknown>>> {
    return readAnswer(await this.#transport.ask({ ...request, doing: asked.doing }), asked);
  }

  async #object(reference: ObjectReference, asked: Asked, request: Omit<ApiRequest, 'doing'>): Promise<StoredObject> {
    const { apiVersion, kind, metadata } = reference;
    return readObject(await this.#answer(asked, request), { ...asked, apiVersion, kind, name: metadata.name });
  }
}

/** Turns errors that are none for the caller into undefined. */
function undefinedFor(expected: (error: ApiError) => boolean): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof ApiError && expected(error)) return undefined;
    throw error;
  };
}
