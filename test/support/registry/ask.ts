import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';

/** An answer, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks one server; the path goes out as it is written. */
export interface Client {
  (path: string, asking?: Asking): Promise<Answer>;
  close(): void;
}

export interface Server {
  readonly port: number;
  /** The CA's certificate when the server speaks TLS. */
  readonly ca?: string;
}

/** A client that keeps its connections, at most four. */
export function clientOf({ port, ca }: Server): Client {
  const agent =
    ca === undefined
      ? new Agent({ keepAlive: true, maxSockets: 4 })
      : new TlsAgent({ keepAlive: true, ca, maxSockets: 4 });
  const send = ca === undefined ? request : tlsRequest;
  const client = (path: string, { method = 'GET', headers = {}, body }: Asking = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      // Node.js itself gives no length to the body of a DELETE.
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const options = { agent, host: '127.0.0.1', port, path, method, headers: { ...length, ...headers } };
      const outgoing = send(options, (incoming) => {
        const parts: Buffer[] = [];
        incoming
          .on('data', (part: Buffer) => parts.push(part))
          .on('end', () =>
            resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(parts) }),
          )
          .on('error', reject);
      });
      outgoing.on('error', reject).end(body);
    });
  return Object.assign(client, { close: () => agent.destroy() });
}
