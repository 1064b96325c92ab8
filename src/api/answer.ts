import type { ApiObject } from '../kubernetes/objects/api-object.ts';
import { isList, isRecord } from '../values/is-record.ts';
import { ApiError } from './api-error.ts';
import type { ApiAnswer } from './transport.ts';

/** An object as the API has it. */
export interface StoredObject extends ApiObject {
  readonly metadata: ApiObject['metadata'] & { readonly resourceVersion: string };
}

/** What was asked, for messages. */
export interface Asked {
  readonly doing: string;
  readonly where: string;
}

/** The longest piece of a foreign answer that a message repeats. */
const LONGEST_SAID = 2000;

/** Messages of etcd, behind the API server, while it has no leader. Kubernetes answers 500 then. */
const ETCD = /etcdserver: (?:leader changed|no leader|request timed out|not capable|server stopped|too many requests)/;

/** The mapping that a good answer is. Throws an ApiError for any status but 2xx and for what is no JSON. */
export function readAnswer(answer: ApiAnswer, asked: Asked): Readonly<Record<string, unknown>> {
  const { status } = answer;
  if (status < 200 || status > 299) throw failureOf(answer, asked);
  const content = parseJson(answer.text);
  if (!isRecord(content)) throw new ApiError({ ...asked, status, said: 'the answer is no JSON object' });
  return content;
}

/** An object of a kind and name that was asked for. Throws an ApiError when it is none. */
export function readObject(
  content: unknown,
  asked: Asked & { readonly apiVersion: string; readonly kind: string; readonly name?: string },
): StoredObject {
  const { apiVersion, kind, name } = asked;
  const metadata = isRecord(content) ? content.metadata : undefined;
  // Items of a list have neither; those of another kind do not happen.
  const same =
    isRecord(content) && (content.kind ?? kind) === kind && (content.apiVersion ?? apiVersion) === apiVersion;
  if (!same || !isRecord(metadata) || typeof metadata.name !== 'string' || (name ?? metadata.name) !== metadata.name) {
    throw new ApiError({
      ...asked,
      said: `the answer is no ${kind} of ${apiVersion}${name === undefined ? '' : ` called ${name}`}`,
    });
  }
  if (typeof metadata.resourceVersion !== 'string') {
    throw new ApiError({ ...asked, said: 'the object of the answer has no resourceVersion' });
  }
  return { ...content, apiVersion, kind, metadata } as unknown as StoredObject;
}

/** Items of one page, and where the next begins. */
export function readPage(
  content: Readonly<Record<string, unknown>>,
  asked: Asked,
): { items: readonly unknown[]; next: string } {
  const { items, metadata } = content;
  if (!isList(items) || !isRecord(metadata)) throw new ApiError({ ...asked, said: 'the answer is no list' });
  return { items, next: typeof metadata.continue === 'string' ? metadata.continue : '' };
}

function failureOf({ status, text, retryAfterSeconds }: ApiAnswer, asked: Asked): ApiError {
  const content = parseJson(text);
  const said = isRecord(content) && content.kind === 'Status' ? content : {};
  const reason = typeof said.reason === 'string' && said.reason !== '' ? said.reason : undefined;
  const message = typeof said.message === 'string' ? said.message : text;
  return new ApiError({
    ...asked,
    status,
    reason,
    said: `the API server answers ${[status, reason].join(' ').trim()}${lineOf(message)}`,
    transient: transientOf(status, { reason, message }),
    retryAfterSeconds,
  });
}

function lineOf(message: string): string {
  const line = message.trim().replace(/\s+/g, ' ');
  if (line === '') return '';
  return `: ${line.length > LONGEST_SAID ? `${line.slice(0, LONGEST_SAID)}…` : line}`;
}

function transientOf(
  status: number,
  { reason, message }: { reason: string | undefined; message: string },
): string | undefined {
  if (status === 429) return 'the API server has too much to do';
  if (status === 503) return 'the API server is not ready';
  if (status === 504 || reason === 'ServerTimeout' || reason === 'Timeout') return 'the API server took too long';
  if (status === 500 && ETCD.test(message)) return 'etcd has no leader';
  if (status === 410) return 'the list has become too old';
  // Something else wrote the object in between; not that it exists already.
  if (status === 409 && reason === 'Conflict') return 'the object was changed meanwhile';
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
