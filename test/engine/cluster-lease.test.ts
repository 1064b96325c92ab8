import { afterEach, expect, test } from 'vitest';
import { clusterLease } from '../../src/engine/cluster-lease.ts';
import { ADMIN, type Answering, apiServer, refuse, say, type TestApiServer } from '../support/api/api-server.ts';

const DISCOVERY = '/apis/coordination.k8s.io/v1';
const NOW = new Date('2026-01-01T00:00:00.000Z');

const servers: TestApiServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serving(answer: Answering): Promise<TestApiServer> {
  const server = await apiServer(answer);
  servers.push(server);
  return server;
}

/** One Lease, as an API server keeps it. */
function keeping(spec?: object): Answering {
  let version = spec === undefined ? 0 : 1;
  let lease = spec && { metadata: { name: 'run', namespace: 'metalk8s-system' }, spec };
  return ({ method, body }, response) => {
    if (method !== 'GET') {
      version += 1;
      const written = JSON.parse(body);
      lease = { ...written, spec: { ...lease?.spec, ...written.spec } };
    }
    if (lease === undefined) return refuse(response, 404, 'NotFound', 'not found');
    say(response, { ...lease, metadata: { ...lease.metadata, resourceVersion: String(version) } });
  };
}

function leaseOn(files: TestApiServer['files'], host = 'cp1') {
  return clusterLease({ files, kubeconfig: ADMIN, host, runId: '0001-bootstrap', now: () => NOW });
}

function holders({ asked }: TestApiServer): readonly unknown[] {
  const bodies = asked.filter(({ method }) => method !== 'GET').map(({ body }) => JSON.parse(body));
  return bodies.map(({ spec }) => spec.holderIdentity);
}

test('a run asks over one connection, and asks once what the API has', async () => {
  const server = await serving(keeping());
  const lease = leaseOn(server.files);
  for (let step = 0; step < 3; step++) await lease.hold();
  await lease.release();
  expect(server.connections()).toBe(1);
  expect(server.asked.filter(({ url }) => url === DISCOVERY)).toHaveLength(1);
  expect(holders(server)).toEqual(['cp1/0001-bootstrap', undefined, undefined, null]);
});

test('another kubeconfig leads to another server', async () => {
  const [first, second] = [await serving(keeping()), await serving(keeping())];
  const lease = leaseOn(first.files);
  await lease.hold();
  first.files.put(ADMIN, (await second.files.read(ADMIN)) ?? '');
  await lease.hold();
  await lease.release();
  expect(holders(first)).toEqual(['cp1/0001-bootstrap']);
  expect(holders(second)).toEqual(['cp1/0001-bootstrap', null]);
});

test('a connection that broke off holds nothing up, and the next step has another', async () => {
  let isBroken = false;
  const answer = keeping();
  const server = await serving((asked, response, request) => {
    if (isBroken) request.socket.destroy();
    else answer(asked, response, request);
  });
  const lease = leaseOn(server.files);
  await lease.hold();
  isBroken = true;
  await lease.hold();
  isBroken = false;
  const before = server.connections();
  await lease.hold();
  expect(server.connections()).toBe(before + 1);
  await lease.release();
});

test('while there is no kubeconfig there is no cluster, and nothing to give back', async () => {
  const server = await serving(keeping());
  const kubeconfig = (await server.files.read(ADMIN)) ?? '';
  server.files.files.delete(ADMIN);
  const lease = leaseOn(server.files);
  await lease.hold();
  await lease.release();
  expect(server.asked).toEqual([]);
  server.files.put(ADMIN, kubeconfig);
  const later = leaseOn(server.files);
  await later.hold();
  await later.release();
  expect(holders(server)).toEqual(['cp1/0001-bootstrap', null]);
});

test('who holds it is named, with the way out of a Lease from a clock that was ahead', async () => {
  const spec = { holderIdentity: 'cp2/0007-upgrade', renewTime: '2031-01-01T00:00:00.000000Z' };
  const server = await serving(keeping(spec));
  const held = leaseOn(server.files).hold();
  await expect(held).rejects.toMatchObject({
    code: 'LOCKED',
    message: expect.stringContaining('0007-upgrade on cp2'),
    where: 'Lease metalk8s-system/run',
    hint: expect.stringContaining('kubectl -n metalk8s-system delete lease run'),
  });
  expect(holders(server)).toEqual([]);
});

test('a holder that no run of ours is called is named as it stands', async () => {
  const spec = { holderIdentity: 'somebody', renewTime: NOW.toISOString() };
  const server = await serving(keeping(spec));
  await expect(leaseOn(server.files).hold()).rejects.toMatchObject({ message: expect.stringMatching(/: somebody, /) });
});
