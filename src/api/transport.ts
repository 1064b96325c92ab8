import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import { ApiError } from './api-error.ts';
import type { Credentials } from './credentials.ts';

export interface ApiRequest {
  /** For messages: `apply ConfigMap kube-system/coredns`. */
  readonly doing: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Absolute, encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: { readonly type: string; readonly text: string };
  /** Aborted: the request is given up and the reason is thrown. */
  readonly stop?: AbortSignal | undefined;
}

export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfterSeconds: number | undefined;
}

export interface Transport {
  /** Server and kubeconfig, for messages. */
  readonly where: string;
  /** One answer, whatever its status. Throws an ApiError when there is none. Every request can be made twice without harm. */
  ask(request: ApiRequest): Promise<ApiAnswer>;
  /** Closes what is open. */
  close(): void;
}

export interface TransportLimits {
  /** From the beginning of a request to the end of its answer. */
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
}

/** The API server gives up after a minute itself; what it lists comes in pages of far less. */
const DEFAULT_LIMITS: TransportLimits = { timeoutMs: 60_000, maxAnswerBytes: 64 * 1024 * 1024 };

/** Errors of sockets that a server coming up, going down or being overrun causes. */
const TRANSIENT: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed',
  EPIPE: 'connection closed',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the host',
};

/**
 * Requests over HTTPS to one server, known by the authority of the kubeconfig alone, on connections that are kept. Variables of the environment
 * change nothing: there is no proxy, no further authority, and no way to leave the certificate unchecked. Redirections are not followed.
 */
export function openTransport(credentials: Credentials, limits: Partial<TransportLimits> = {}): Transport {
  const { path, server, authority: ca, certificate: cert, key } = credentials;
  // An idle connection keeps no process alive.
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 4,
    ca,
    cert,
    key,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
  });
  const where = `${server.origin} (${path})`;
  const connection = { agent, where, server, limits: { ...DEFAULT_LIMITS, ...limits } };
  return {
    where,
    ask: (request) => ask(request, connection),
    close: () => agent.destroy(),
  };
}

interface Connection {
  readonly agent: Agent;
  readonly where: string;
  readonly server: URL;
  readonly limits: TransportLimits;
}

async function ask(request: ApiRequest, connection: Connection): Promise<ApiAnswer> {
  request.stop?.throwIfAborted();
  const late = AbortSignal.timeout(connection.limits.timeoutMs);
  const signal = request.stop === undefined ? late : AbortSignal.any([request.stop, late]);
  try {
    return await askOnce(request, connection, signal);
  } catch (error) {
    request.stop?.throwIfAborted();
    const { where, limits } = connection;
    const { doing } = request;
    if (error instanceof Oversized) {
      throw new ApiError({ doing, where, said: `the answer has more than ${limits.maxAnswerBytes} bytes` });
    }
    if (late.aborted) {
      throw new ApiError({
        doing,
        where,
        said: `no answer within ${limits.timeoutMs / 1000} seconds`,
        transient: 'no answer',
      });
    }
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new ApiError({ doing, where, said: message, transient: TRANSIENT[code], cause: error });
  }
}

class Oversized extends Error {}

function askOnce(request: ApiRequest, connection: Connection, signal: AbortSignal): Promise<ApiAnswer> {
  const { agent, server, limits } = connection;
  const { method, path, query = {}, body } = request;
  const search = new URLSearchParams(query).toString();
  const options: RequestOptions = {
    agent,
    signal,
    method,
    host: server.hostname.replace(/^\[|\]$/g, ''),
    port: server.port === '' ? 443 : Number(server.port),
    path: search === '' ? path : `${path}?${search}`,
    headers: {
      Accept: 'application/json',
      'User-Agent': 'metalk8s',
      ...(body && { 'Content-Type': body.type, 'Content-Length': Buffer.byteLength(body.text) }),
    },
  };
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(options);
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      // The server closed a connection that we had kept, at the very moment: it has not seen the request.
      if (error.code === 'ECONNRESET' && outgoing.reusedSocket) {
        askOnce(request, connection, signal).then(resolve, reject);
      } else reject(error);
    });
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = [];
      let length = 0;
      incoming.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > limits.maxAnswerBytes) incoming.destroy(new Oversized());
        else chunks.push(chunk);
      });
      incoming.once('error', reject);
      incoming.once('end', () => {
        const retryAfter = incoming.headers['retry-after'];
        resolve({
          status: incoming.statusCode ?? 0,
          text: Buffer.concat(chunks).toString('utf8'),
          retryAfterSeconds: /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined,
        });
      });
    });
    outgoing.end(body?.text);
  });
}
