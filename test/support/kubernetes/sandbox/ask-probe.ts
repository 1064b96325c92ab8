import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Container, Probe } from '../../../../src/kubernetes/static-pods/pod.ts';

const TIMEOUT_MS = 5000;

/** Asks as the kubelet does, who looks at no certificate: `ok` for any answer from 200 to 399, else what came instead. */
export function askProbe({ httpGet }: Probe, { ports }: Container): Promise<string> {
  const port = ports.find(({ name }) => name === httpGet.port)?.containerPort;
  const url = `${httpGet.scheme.toLowerCase()}://${httpGet.host}:${port}${httpGet.path}`;
  return new Promise((resolve) => {
    const options = { timeout: TIMEOUT_MS, agent: false } as const;
    const request =
      httpGet.scheme === 'HTTPS'
        ? httpsRequest(url, { ...options, rejectUnauthorized: false })
        : httpRequest(url, options);
    request.once('response', (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      resolve(status >= 200 && status < 400 ? 'ok' : `status ${status}`);
    });
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', (error) => resolve(error.message));
    request.end();
  });
}
