import { readFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';

interface Kubeconfig {
  clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
  users: [{ user: { 'client-certificate-data': string; 'client-key-data': string } }];
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

const DEADLINE_MS = 120_000;

/**
 * Calls the real API server with a kubeconfig of the host, and returns the object it answers with. While the server starts
 * (no connection, 403 before its roles exist, 5xx) it asks again, for two minutes. A 404 gives undefined.
 */
export async function callApi(root: string, kubeconfig: string, call: Call): Promise<unknown> {
  const config = parse(await readFile(join(root, 'etc/kubernetes', kubeconfig), 'utf8')) as Kubeconfig;
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const answer = await send(config, call).catch((error: Error) => ({ status: 0, text: error.message }));
    if (answer.status === 404) return undefined;
    if (answer.status >= 200 && answer.status < 300) return JSON.parse(answer.text);
    if (Date.now() > deadline) {
      throw new Error(`${call.method} ${call.path} as ${kubeconfig}: ${answer.status} ${answer.text}`);
    }
    await sleep(200);
  }
}

function send(config: Kubeconfig, call: Call): Promise<{ status: number; text: string }> {
  const { cluster } = config.clusters[0];
  const { user } = config.users[0];
  const options = {
    method: call.method,
    ca: decode(cluster['certificate-authority-data']),
    cert: decode(user['client-certificate-data']),
    key: decode(user['client-key-data']),
    headers: { 'content-type': 'application/json' },
  };
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(new URL(call.path, cluster.server), options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    outgoing.on('error', reject).end(call.body === undefined ? undefined : JSON.stringify(call.body));
  });
}

function decode(value: string): string {
  return Buffer.from(value, 'base64').toString();
}
