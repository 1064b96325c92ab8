import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { pkiSpecifications } from '../../../src/kubernetes/pki/pki-specifications.ts';
import { ensurePki } from '../../../src/pki/ensure-pki.ts';
import { type MemoryStore, memoryStore } from '../pki/memory-store.ts';
import { pkiNode } from '../pki/nodes.ts';

export const ADMIN = '/etc/kubernetes/admin.conf';

/** A request that was made, in its words. */
interface Asked {
  readonly method: string;
  readonly url: string;
  readonly type: string | undefined;
  readonly body: string;
}

export type Answering = (asked: Asked, response: ServerResponse, request: IncomingMessage) => void;

/** A server on 127.0.0.1 with the certificate of an API server, which lets nobody in without a client certificate of its authority. */
export interface TestApiServer {
  /** The files of its host, with its `admin.conf`. */
  readonly files: MemoryStore;
  readonly url: string;
  readonly asked: Asked[];
  /** How many connections there were. */
  connections(): number;
  close(): Promise<void>;
}

const node = pkiNode();
const issued = memoryStore();
const made = ensurePki(pkiSpecifications(node, 'secretbox'), { store: issued, now: new Date(), renewWithinDays: 90 });

/** Answers as it is told, on every path but those of discovery. */
export async function apiServer(answer: Answering): Promise<TestApiServer> {
  await made;
  const text = (path: string) => issued.files.get(path)?.content ?? '';
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({
    ca: text('/etc/kubernetes/pki/ca.crt'),
    cert: text('/etc/kubernetes/pki/apiserver.crt'),
    key: text('/etc/kubernetes/pki/apiserver.key'),
    requestCert: true,
    rejectUnauthorized: true,
  });
  server.on('secureConnection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    const one = { method, url, type: headers['content-type'], body: Buffer.concat(chunks).toString() };
    asked.push(one);
    const kinds = KINDS[url];
    if (kinds === undefined) answer(one, response, request);
    else say(response, { kind: 'APIResourceList', resources: kinds });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const files = memoryStore();
  for (const [path, { content }] of issued.files) files.put(path, content.replace(/server: .*/, `server: ${url}`));
  return {
    files,
    url,
    asked,
    connections: () => connections,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Answers with JSON. */
export function say(
  response: ServerResponse,
  content: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(content));
}

/** What the API server says when it does not do something. */
export function refuse(response: ServerResponse, status: number, reason: string, message: string, headers = {}): void {
  say(
    response,
    { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code: status },
    status,
    headers,
  );
}

const KINDS: Readonly<Record<string, readonly object[]>> = {
  '/api/v1': [
    { name: 'configmaps', kind: 'ConfigMap', namespaced: true },
    { name: 'nodes', kind: 'Node', namespaced: false },
    { name: 'nodes/status', kind: 'Node', namespaced: false },
    { name: 'pods', kind: 'Pod', namespaced: true },
    { name: 'pods/log', kind: 'Pod', namespaced: true },
    'hostile',
    { name: 7, kind: 'Seven' },
  ] as object[],
  '/apis/apps/v1': ['DaemonSet', 'Deployment', 'StatefulSet'].map((kind) => {
    return { name: `${kind.toLowerCase()}s`, kind, namespaced: true };
  }),
  '/apis/coordination.k8s.io/v1': [{ name: 'leases', kind: 'Lease', namespaced: true }],
  '/apis/apiextensions.k8s.io/v1': [
    { name: 'customresourcedefinitions', kind: 'CustomResourceDefinition', namespaced: false },
  ],
};
