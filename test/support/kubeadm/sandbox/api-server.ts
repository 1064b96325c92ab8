import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { type ApiStore, answer } from './api-store.ts';
import type { Decode } from './decoder.ts';
import type { RequestRecord } from './protocol.ts';

export interface ApiServer {
  readonly store: ApiStore;
  readonly decode: Decode;
  /** Receives each writing request. */
  readonly record: (request: RequestRecord) => void;
}

/** Serves the API double over TLS on an address, with the certificate that kubeadm made for the real API server. */
export async function serveApi(api: ApiServer, pki: string, at: { address: string; port: number }): Promise<Server> {
  const [key, cert, ca] = await Promise.all(
    ['apiserver.key', 'apiserver.crt', 'ca.crt'].map((name) => readFile(`${pki}/${name}`, 'utf8')),
  );
  const options = { key: `${key}`, cert: `${cert}`, ca: `${ca}`, requestCert: true, rejectUnauthorized: false };
  const server = createServer(options, (request, response) => {
    handle(api, request, response).catch((error: Error) => {
      process.stderr.write(`API double: ${request.method} ${request.url}: ${error.message}\n`);
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(at.port, at.address, resolve);
  });
  return server;
}

async function handle(api: ApiServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'https://api');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const contentType = request.headers['content-type'] ?? '';
  const body = await api.decode(Buffer.concat(chunks), contentType);
  const client = clientOf(request);
  const method = request.method ?? 'GET';
  const result = answer(api.store, {
    method,
    path: url.pathname,
    query: url.searchParams,
    body,
    groups: client.groups,
  });
  if (method !== 'GET') {
    const writing = method as RequestRecord['method'];
    api.record({ method: writing, path: url.pathname, user: client.user, status: result.status, contentType, body });
  }
  response.writeHead(result.status, { 'content-type': 'application/json' }).end(JSON.stringify(result.body));
}

function clientOf(request: IncomingMessage): { user: string; groups: string[] } {
  const subject = (request.socket as TLSSocket).getPeerCertificate().subject as
    | { CN?: string; O?: string | string[] }
    | undefined;
  if (subject?.CN !== undefined) return { user: subject.CN, groups: [subject.O ?? []].flat() };
  return { user: request.headers.authorization === undefined ? 'anonymous' : 'bearer token', groups: [] };
}
