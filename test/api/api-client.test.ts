import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { execa } from 'execa';
import { afterEach, describe, expect, test } from 'vitest';
import { type ApiClient, openApiClient } from '../../src/api/api-client.ts';
import { ApiError } from '../../src/api/api-error.ts';
import type { TransportLimits } from '../../src/api/transport.ts';
import { reportError } from '../../src/errors/error-report.ts';
import { localFileStore } from '../../src/hosts/local-file-store.ts';
import { ADMIN, type Answering, apiServer, refuse, say, type TestApiServer } from '../support/api/api-server.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const kept = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kept', namespace: 'default' } } as const;
const stored = { ...kept, metadata: { ...kept.metadata, resourceVersion: '7' }, data: { a: 'b' } };
const limits = { timeoutMs: 300, maxAnswerBytes: 10_000 };

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function serverAnd(
  answer: Answering,
  changes: Partial<TransportLimits> = {},
): Promise<{ server: TestApiServer; client: ApiClient }> {
  const server = await apiServer(answer);
  const client = await openApiClient(server.files, ADMIN, { ...limits, timeoutMs: 20_000, ...changes });
  open.push(client, server);
  return { server, client };
}

async function failure(pending: Promise<unknown>): Promise<ApiError> {
  const error = await pending.then(
    () => expect.fail('it went well'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

describe('what is asked', () => {
  test('applies with force and strict validation, every field as it is, also those that no library knows', async () => {
    const object = { ...kept, data: { a: 'b' }, newerThanUs: { deep: [1, null, 'x'] } };
    const { server, client } = await serverAnd((asked, response) => {
      say(response, { ...JSON.parse(asked.body), metadata: stored.metadata, alsoNew: true });
    });
    expect(await client.apply(object, 'metalk8s')).toEqual({ ...object, metadata: stored.metadata, alsoNew: true });
    expect(server.asked).toEqual([
      { method: 'GET', url: '/api/v1', type: undefined, body: '' },
      {
        method: 'PATCH',
        url: '/api/v1/namespaces/default/configmaps/kept?fieldManager=metalk8s&force=true&fieldValidation=Strict',
        type: 'application/apply-patch+yaml',
        body: JSON.stringify(object),
      },
    ]);
  });

  test('names cannot lead anywhere else', async () => {
    const { server, client } = await serverAnd((_asked, response) => refuse(response, 404, 'NotFound', 'no'));
    await client.get({ ...kept, metadata: { name: '../../secrets?x=#', namespace: 'a/b' } });
    expect(server.asked.at(-1)?.url).toBe('/api/v1/namespaces/a%2Fb/configmaps/..%2F..%2Fsecrets%3Fx%3D%23');
  });

  test('a namespaced object needs a namespace', async () => {
    const { client } = await serverAnd((_asked, response) => say(response, stored));
    await expect(client.get({ ...kept, metadata: { name: 'kept' } })).rejects.toThrow(RangeError);
  });

  test('kinds are asked for once, and those that lack each time', async () => {
    const { server, client } = await serverAnd((_asked, response) => refuse(response, 404, 'NotFound', 'no'));
    for (const _ of [1, 2]) expect(await client.serves('v1', 'Node')).toBe(true);
    for (const _ of [1, 2]) expect(await client.serves('v1', 'Seven')).toBe(false);
    for (const _ of [1, 2]) expect(await client.serves('none.example.com/v1', 'None')).toBe(false);
    expect(server.asked.map(({ url }) => url)).toEqual([
      '/api/v1',
      '/api/v1',
      '/api/v1',
      '/apis/none.example.com/v1',
      '/apis/none.example.com/v1',
    ]);
  });

  test('a list is asked for page by page', async () => {
    const { server, client } = await serverAnd((asked, response) => {
      const last = asked.url.includes('continue=next');
      const metadata = { name: last ? 'two' : 'one', resourceVersion: '1' };
      say(response, { kind: 'NodeList', metadata: { continue: last ? '' : 'next' }, items: [{ metadata }] });
    });
    const nodes = await client.list('v1', 'Node', { labelSelector: 'a=b' });
    expect(nodes.map(({ apiVersion, kind, metadata }) => [apiVersion, kind, metadata.name])).toEqual([
      ['v1', 'Node', 'one'],
      ['v1', 'Node', 'two'],
    ]);
    expect(server.asked.at(-1)?.url).toBe('/api/v1/nodes?limit=250&labelSelector=a%3Db&continue=next');
  });

  test('which checks of the server fail', async () => {
    const { client } = await serverAnd((_asked, response) => {
      response
        .writeHead(500)
        .end('[+]ping ok\n[-]etcd failed: reason withheld\n[-]informer-sync failed\nreadyz check failed\n');
    });
    expect(await client.unready()).toBe('these of its checks fail: etcd, informer-sync');
  });
});

describe('hostile answers', () => {
  const get = (client: ApiClient) => client.get(kept);
  const list = (client: ApiClient) => client.list('v1', 'Node');
  const body = (text: string) => (_asked: unknown, response: Parameters<Answering>[1]) => void response.end(text);
  const cases: [string, Answering, (client: ApiClient) => Promise<unknown>, RegExp][] = [
    ['truncated JSON', body('{"kind":"Conf'), get, /no JSON object$/],
    ['a list instead of an object', body('[1]'), get, /no JSON object$/],
    ['nesting without end', body('['.repeat(9000)), get, /no JSON object$/],
    ['another kind', body('{"kind":"Secret","metadata":{"name":"kept"}}'), get, /no ConfigMap of v1 called kept$/],
    [
      'another name',
      body(JSON.stringify({ ...stored, metadata: { name: 'x' } })),
      get,
      /no ConfigMap of v1 called kept$/,
    ],
    ['metadata of the wrong type', body('{"kind":"ConfigMap","metadata":[]}'), get, /no ConfigMap of v1 called kept$/],
    ['no resourceVersion', body(JSON.stringify(kept)), get, /has no resourceVersion$/],
    ['no items', body('{"kind":"NodeList","metadata":{}}'), list, /no list$/],
    ['items that are none', body('{"metadata":{},"items":["x"]}'), list, /no Node of v1$/],
    ['a list without end', body('{"metadata":{"continue":"x"},"items":[]}'), list, /more than 1000 pages$/],
    ['too much', body(`"${'x'.repeat(20_000)}"`), get, /more than 10000 bytes$/],
    [
      'too long a header',
      (_asked, response) => void response.setHeader('X', 'x'.repeat(50_000)).end('{}'),
      get,
      /overflow/i,
    ],
    [
      'a page of a proxy',
      (_asked, response) => void response.writeHead(502).end('<h1>Bad</h1>'),
      get,
      /answers 502: <h1>Bad/,
    ],
    ['nothing', (_asked, response) => void response.writeHead(500).end(), get, /answers 500$/],
    [
      'a Status of wrong types',
      (_asked, response) => say(response, { kind: 'Status', message: 7, reason: {} }, 400),
      get,
      /answers 400: \{/,
    ],
    ['a long message', (_asked, response) => refuse(response, 400, 'Bad', 'x'.repeat(9000)), get, /Bad: x{2000}…$/],
    [
      'a redirection',
      (_asked, response) => void response.writeHead(307, { Location: '/elsewhere' }).end(),
      get,
      /answers 307$/,
    ],
  ];
  test.each(cases)('%s', async (_name, answer, ask, message) => {
    const { server, client } = await serverAnd(answer);
    const error = await failure(ask(client));
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({ code: 'STEP_FAILED', transient: undefined, where: `${server.url} (${ADMIN})` });
    expect(server.asked.some(({ url }) => url === '/elsewhere')).toBe(false);
  });
});

describe('what passes', () => {
  const cases: [string, Answering, string][] = [
    ['nobody answers', () => {}, 'no answer'],
    ['an answer that never ends', (_asked, response) => void response.write('{'), 'no answer'],
    ['a connection closed instead', (_asked, _response, request) => void request.socket.destroy(), 'connection closed'],
    [
      '503',
      (_asked, response) => refuse(response, 503, 'ServiceUnavailable', 'starting'),
      'the API server is not ready',
    ],
    ['etcd', (_asked, response) => refuse(response, 500, '', 'etcdserver: leader changed'), 'etcd has no leader'],
    ['504', (_asked, response) => refuse(response, 504, 'Timeout', 'late'), 'the API server took too long'],
    [
      'a conflict',
      (_asked, response) => refuse(response, 409, 'Conflict', 'modified'),
      'the object was changed meanwhile',
    ],
  ];
  test.each(cases)('%s', async (_name, answer, transient) => {
    const { client } = await serverAnd(answer, limits);
    expect(await failure(client.get(kept))).toMatchObject({ transient });
  });

  test('429 says when to ask again, if it is a number of seconds', async () => {
    const after = ['7', 'Wed, 21 Oct 2015 07:28:00 GMT'];
    const { client } = await serverAnd((_asked, response) => {
      refuse(response, 429, 'TooManyRequests', 'slow down', { 'Retry-After': after.shift() });
    });
    expect(await failure(client.get(kept))).toMatchObject({ status: 429, retryAfterSeconds: 7 });
    expect(await failure(client.get(kept))).toMatchObject({ status: 429, retryAfterSeconds: undefined });
  });

  test('nobody listens', async () => {
    const { server, client } = await serverAnd(() => {});
    await server.close();
    expect(await failure(client.get(kept))).toMatchObject({ transient: 'connection refused', status: undefined });
  });

  test('a kept connection that the server closes is no failure', async () => {
    let closed = false;
    const { server, client } = await serverAnd((asked, response, request) => {
      if (asked.url.endsWith('kept') && !closed) {
        closed = true;
        request.socket.destroy();
      } else say(response, stored);
    });
    expect(await client.get(kept)).toEqual(stored);
    expect(server.connections()).toBe(2);
  });

  test('a look is given up when it is stopped', async () => {
    const { client } = await serverAnd(() => {});
    const reason = new Error('enough');
    await expect(client.get(kept, AbortSignal.any([AbortSignal.timeout(50)]))).rejects.toThrow(/timeout/);
    await expect(client.get(kept, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe('who is asked, and as whom', () => {
  test('connections are kept', async () => {
    const { server, client } = await serverAnd((_asked, response) => say(response, stored));
    for (const _ of [1, 2, 3]) await client.get(kept);
    expect(server.connections()).toBe(1);
  });

  test('a server of another authority is not trusted', async () => {
    const [{ server }, { server: other }] = [await serverAnd(() => {}), await serverAnd(() => {})];
    const foreign = await foreignKubeconfig(server);
    const client = await openApiClient(foreign, ADMIN);
    open.push(client);
    const error = await failure(client.get(kept));
    expect(error.message).toMatch(/certificate/);
    expect(error.transient).toBeUndefined();
    expect([server.asked, other.asked]).toEqual([[], []]);
  });

  test('a server without TLS is told nothing', async () => {
    const { server } = await serverAnd(() => {});
    let asked = 0;
    const plain = createServer((_request, response) => {
      asked += 1;
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => plain.once('listening', resolve));
    open.push(plain);
    const port = (plain.address() as AddressInfo).port;
    const text = (await server.files.read(ADMIN)) ?? '';
    server.files.put(ADMIN, text.replace(server.url, `https://127.0.0.1:${port}`));
    const client = await openApiClient(server.files, ADMIN);
    open.push(client);
    expect((await failure(client.get(kept))).message).toMatch(/SSL|packet/);
    expect(asked).toBe(0);
  });

  test('the environment changes nothing: no proxy, no other authority, no unchecked certificate; nothing keeps the process', async () => {
    const { server } = await serverAnd((_asked, response) => void response.end('ok'));
    const foreign = await foreignKubeconfig(server);
    await inTemporaryDirectory(async (directory) => {
      const [own, other] = [join(directory, 'own.conf'), join(directory, 'other.conf')];
      for (const [path, store] of [
        [own, server.files],
        [other, foreign],
      ] as const) {
        const content = (await store.read(ADMIN)) ?? '';
        await localFileStore.writeAtomic([
          { path, content, mode: 0o600, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
        ]);
      }
      const env = {
        HTTPS_PROXY: 'http://127.0.0.1:1',
        https_proxy: 'http://127.0.0.1:1',
        NODE_USE_ENV_PROXY: '1',
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
      };
      const ask = async (path: string) =>
        (await execa(process.execPath, [join(import.meta.dirname, 'fixtures/ask.ts'), path], { env, timeout: 20_000 }))
          .stdout;
      expect(await ask(own)).toBe('ready');
      expect(await ask(other)).toMatch(/^Cannot ask whether the API server is ready: .*certificate/);
    });
  });

  test('no failure shows a credential', async () => {
    const { server, client } = await serverAnd((_asked, response) => refuse(response, 403, 'Forbidden', 'no'));
    await server.close();
    const text = (await server.files.read(ADMIN)) ?? '';
    const key = /client-key-data: (\S+)/.exec(text)?.[1] ?? '';
    const shown = [
      await failure(client.get(kept)),
      await failure(client.apply({ ...kept, data: { x: 'canary' } }, 'm')),
    ]
      .map((error) => `${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(reportError(error))}`)
      .join();
    expect(key.length).toBeGreaterThan(100);
    for (const secret of [key.slice(0, 60), Buffer.from(key, 'base64').toString().split('\n')[1] ?? key, 'canary']) {
      expect(shown).not.toContain(secret);
    }
  });
});

/** The kubeconfig of a server, as if its authority had been another one. */
async function foreignKubeconfig(server: TestApiServer) {
  const other = ((await server.files.read('/etc/kubernetes/pki/front-proxy-ca.crt')) ?? '').trim();
  const text = (await server.files.read(ADMIN)) ?? '';
  const swapped = text.replace(
    /certificate-authority-data: .*/,
    `certificate-authority-data: ${Buffer.from(other).toString('base64')}`,
  );
  return { read: async () => swapped };
}
