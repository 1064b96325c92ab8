import { expect, it } from 'vitest';
import { type ApiAnswer, type ApiStore, answer } from './api-store.ts';
import type { Json } from './json.ts';

const NODES = '/api/v1/nodes';
const PODS = '/api/v1/namespaces/kube-system/pods';

function storeWith(objects: Record<string, Json> = {}): ApiStore {
  return new Map(Object.entries(objects));
}

function call(store: ApiStore, method: string, path: string, body?: unknown, groups: string[] = []): ApiAnswer {
  const url = new URL(path, 'https://api');
  return answer(store, { method, path: url.pathname, query: url.searchParams, body, groups });
}

it('creates an object once and reads it back with a uid', () => {
  const store = storeWith();
  const body = { kind: 'Node', metadata: { name: 'cp1' } };
  expect(call(store, 'POST', NODES, body).status).toBe(201);
  expect(call(store, 'POST', NODES, body)).toMatchObject({ status: 409, body: { reason: 'AlreadyExists' } });
  expect(call(store, 'GET', `${NODES}/cp1`)).toMatchObject({
    status: 200,
    body: { metadata: { name: 'cp1', uid: expect.any(String) } },
  });
});

it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('answers %s of what is not there with 404', (method) => {
  expect(call(storeWith(), method, `${NODES}/cp1`, {})).toMatchObject({
    status: 404,
    body: { kind: 'Status', reason: 'NotFound' },
  });
});

it('lists one collection by labels, and not what lies deeper', () => {
  const store = storeWith({
    [`${PODS}/etcd-cp1`]: { metadata: { name: 'etcd-cp1', labels: { component: 'etcd', tier: 'control-plane' } } },
    [`${PODS}/other`]: { metadata: { name: 'other', labels: { component: 'etcd' } } },
    '/api/v1/namespaces/kube-system': { metadata: { name: 'kube-system' } },
  });
  const names = (path: string) =>
    (call(store, 'GET', path).body.items as { metadata: Json }[]).map(({ metadata }) => metadata.name);
  expect(names(`${PODS}?labelSelector=component%3Detcd%2Ctier%3Dcontrol-plane`)).toEqual(['etcd-cp1']);
  expect(names(PODS)).toEqual(['etcd-cp1', 'other']);
  expect(names('/api/v1/namespaces')).toEqual(['kube-system']);
});

it('merges a patch: adds, replaces and removes fields, replaces lists', () => {
  const store = storeWith({
    [`${NODES}/cp1`]: { metadata: { name: 'cp1', labels: { a: '1', b: '2' } }, spec: { taints: [1] } },
  });
  const patch = { metadata: { labels: { a: null, c: '3' } }, spec: { taints: [2, 3], $setElementOrder: [] } };
  call(store, 'PATCH', `${NODES}/cp1`, patch);
  expect(store.get(`${NODES}/cp1`)).toEqual({
    metadata: { name: 'cp1', labels: { b: '2', c: '3' } },
    spec: { taints: [2, 3] },
  });
});

it("forbids everything to admin.conf's group until it is bound", () => {
  const store = storeWith();
  const collection = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
  const binding = { metadata: { name: 'kubeadm:cluster-admins' } };
  const group = ['kubeadm:cluster-admins'];
  expect(call(store, 'POST', collection, binding, group)).toMatchObject({ status: 403, body: { reason: 'Forbidden' } });
  expect(call(store, 'POST', collection, binding, ['system:masters']).status).toBe(201);
  expect(call(store, 'POST', NODES, { metadata: { name: 'cp1' } }, group).status).toBe(201);
});
