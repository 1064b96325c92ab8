import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCredentials } from '../../src/api/credentials.ts';
import { ADMIN, apiServer, type TestApiServer } from '../support/api/api-server.ts';

let server: TestApiServer;
let text = '';
beforeAll(async () => {
  server = await apiServer(() => {});
  text = (await server.files.read(ADMIN)) ?? '';
});
afterAll(() => server.close());

const cases: [string, (text: string) => string | undefined, RegExp][] = [
  ['nothing', () => undefined, /it is not there$/],
  ['something else', () => 'kind: Secret\nvalue: hidden-value\n', /no kubeconfig/],
  ['no YAML', () => '{{hidden-value', /no kubeconfig/],
  [
    'a context that is not there',
    (good) => good.replace(/current-context: .*/, 'current-context: hidden-value'),
    /no kubeconfig/,
  ],
  ['no TLS', (good) => good.replace('https:', 'http:'), /begins with https/],
  ['no server', (good) => good.replace(/server: .*/, 'server: "::"'), /begins with https/],
  ['no authority', (good) => good.replace('certificate-authority-data', 'insecure'), /no certificate-authority-data$/],
  [
    'a token',
    (good) => good.replace(/client-key-data: .*/, 'token: hidden-value'),
    /no client certificate with a key$/,
  ],
  [
    'another key',
    (good) => good.replace(/client-key-data: .*/, 'client-key-data: aGlkZGVuLXZhbHVl'),
    /cannot be read, or do not belong together$/,
  ],
  [
    'a file that is gone',
    (good) => good.replace(/client-(certificate|key)-data: .*/g, 'client-$1: /gone.pem'),
    /no client certificate with a key$/,
  ],
];
test.each(cases)('%s is refused by the name of the file', async (_name, change, message) => {
  const files = { read: async (path: string) => (path === ADMIN ? change(text) : undefined) };
  const error = await readCredentials(files, ADMIN).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'STEP_FAILED', where: ADMIN, message: expect.stringMatching(message) });
  expect(JSON.stringify(error) + String((error as Error).stack)).not.toMatch(/hidden-value|aGlkZGVu/);
});

test('the file that the kubelet renews is read too', async () => {
  const pem = (name: string) =>
    Buffer.from(new RegExp(`client-${name}-data: (.*)`).exec(text)?.[1] ?? '', 'base64').toString();
  const named = text.replace(/client-(certificate|key)-data: .*/g, 'client-$1: /current.pem');
  const files = { read: async (path: string) => (path === ADMIN ? named : `${pem('certificate')}${pem('key')}`) };
  const { certificate, key } = await readCredentials(files, ADMIN);
  expect(certificate).toBe(key);
  expect(certificate).toContain(pem('key'));
});
