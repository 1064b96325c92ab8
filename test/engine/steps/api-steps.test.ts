import { afterEach, describe, expect, test } from 'vitest';
import type { StepContext } from '../../../src/engine/step-handler.ts';
import { applyObjects } from '../../../src/engine/steps/apply-objects.ts';
import { awaitCluster } from '../../../src/engine/steps/await-cluster.ts';
import { patchNode } from '../../../src/engine/steps/patch-node.ts';
import { waitUntil } from '../../../src/engine/wait-until.ts';
import type { ApiObject, ClusterObject } from '../../../src/kubernetes/objects/api-object.ts';
import { ADMIN, type Answering, apiServer, refuse, say, type TestApiServer } from '../../support/api/api-server.ts';

const servers: TestApiServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function ground(answer: Answering) {
  const server = await apiServer(answer);
  servers.push(server);
  const told: string[] = [];
  const report = {
    progress: (done: number, total: number | undefined) => void told.push(`${done}/${total}`),
    retried: (_attempt: number, why: string) => void told.push(why),
    waiting: (what: string, seen?: string) => void told.push(`${what}: ${seen}`),
  };
  const stop = new AbortController();
  const context = { host: { files: server.files }, report, stop: stop.signal } as unknown as StepContext;
  return { server, told, context, stop };
}

const step = { id: 'step', host: 'cp1', title: 'a step', reason: 'a test', disrupts: null } as const;

function apply(objects: readonly ClusterObject[]) {
  return { ...step, kind: 'apply-objects', kubeconfig: ADMIN, fieldManager: 'metalk8s', objects } as const;
}

function written(object: ApiObject, write: ClusterObject['write'] = 'apply', files: string[] = []): ClusterObject {
  return { object, write, files };
}

function configMap(name: string, data: Record<string, string> = {}): ApiObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data };
}

/** A store with what is written, one version after the other; what others would do to it is `touched` on each read. */
function storing(touched: (object: ApiObject) => ApiObject = (object) => object): Answering {
  const objects = new Map<string, ApiObject>();
  let version = 0;
  const save = (path: string, object: ApiObject) => {
    version += 1;
    objects.set(path, { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } });
  };
  return ({ method, url, body }, response) => {
    const path = url.split('?')[0] ?? '';
    if (method === 'PATCH') {
      const before = objects.get(path);
      const after = { ...before, ...JSON.parse(body) };
      save(path, { ...after, metadata: { ...before?.metadata, ...after.metadata } });
    }
    const found = objects.get(path);
    if (found === undefined) return refuse(response, 404, 'NotFound', 'not found');
    if (method === 'GET') save(path, touched(found));
    say(response, objects.get(path));
  };
}

describe('objects', () => {
  test('are written in order, with their files; what controllers say of them is no change of ours', async () => {
    const answer = storing((object) => ({ ...object, status: { looks: Math.random() } }));
    const { server, told, context } = await ground(answer);
    server.files.put('/ca.crt', 'text of a file');
    const objects = ['b', 'a', 'c'].map((name) =>
      written(configMap(name, { x: 'BASE64(/ca.crt)' }), 'apply', ['/ca.crt']),
    );
    expect(await applyObjects(apply(objects), context)).toEqual({ changed: true });
    expect(await applyObjects(apply(objects), context)).toEqual({ changed: false });
    const changes = server.asked.filter(({ method }) => method === 'PATCH');
    expect(changes.map(({ body }) => JSON.parse(body).metadata.name)).toEqual(['b', 'a', 'c', 'b', 'a', 'c']);
    expect(JSON.parse(changes[0]?.body ?? '').data).toEqual({ x: Buffer.from('text of a file').toString('base64') });
    expect(told).toEqual(['1/3', '2/3', '3/3', '1/3', '2/3', '3/3']);
  });

  test('nothing is asked when a file of theirs lacks', async () => {
    const { server, context } = await ground(storing());
    const objects = [written(configMap('one')), written(configMap('two'), 'apply', ['/gone'])];
    await expect(applyObjects(apply(objects), context)).rejects.toMatchObject({ code: 'STEP_FAILED', where: '/gone' });
    expect(server.asked).toEqual([]);
  });

  test.each([
    [503, 'ServiceUnavailable', 'etcd is away', 'the API server is not ready'],
    [500, '', 'etcdserver: request timed out', 'etcd has no leader'],
    [429, 'TooManyRequests', 'slow', 'the API server has too much to do'],
    [409, 'Conflict', 'the object has been modified', 'the object was changed meanwhile'],
  ])('%i %s while they are written is tried again', async (status, reason, message, why) => {
    const store = storing();
    let failures = 1;
    const { told, context } = await ground((asked, response, request) => {
      if (asked.method === 'PATCH' && failures-- > 0) refuse(response, status, reason, message);
      else store(asked, response, request);
    });
    expect(await applyObjects(apply([written(configMap('one'))]), context)).toEqual({ changed: true });
    expect(told).toEqual([why, '1/1']);
  });

  test('a refusal names the object and what the server said, and ends the step', async () => {
    const { server, context } = await ground((asked, response) => {
      if (asked.method === 'GET') refuse(response, 404, 'NotFound', 'no');
      else refuse(response, 422, 'Invalid', 'spec.x: Required value');
    });
    const objects = [written(configMap('one')), written(configMap('two'))];
    await expect(applyObjects(apply(objects), context)).rejects.toMatchObject({
      code: 'STEP_FAILED',
      message: 'Cannot apply ConfigMap default/one: the API server answers 422 Invalid: spec.x: Required value',
      where: `${server.url} (${ADMIN})`,
    });
    expect(server.asked.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
  });

  test('what is to be made only if absent is left alone, also when somebody else is faster', async () => {
    const present = { ...configMap('one'), metadata: { name: 'one', namespace: 'default', resourceVersion: '1' } };
    let exists = false;
    const { server, context } = await ground((asked, response) => {
      if (asked.method === 'POST') {
        exists = true;
        refuse(response, 409, 'AlreadyExists', 'configmaps "one" already exists');
      } else if (exists) say(response, present);
      else refuse(response, 404, 'NotFound', 'no');
    });
    const objects = [written(configMap('one', { ours: 'x' }), 'create-if-absent')];
    expect(await applyObjects(apply(objects), context)).toEqual({ changed: false });
    expect(await applyObjects(apply(objects), context)).toEqual({ changed: false });
    expect(server.asked.map(({ method }) => method).join(' ')).toBe('GET GET POST GET GET');
  });

  test('a stop ends the step between two objects, never within one', async () => {
    const store = storing();
    const { server, context, stop } = await ground((asked, response, request) => {
      if (asked.method === 'PATCH') stop.abort(new Error('stopped'));
      store(asked, response, request);
    });
    const objects = ['one', 'two'].map((name) => written(configMap(name)));
    await expect(applyObjects(apply(objects), context)).rejects.toThrow('stopped');
    expect(server.asked.map(({ method }) => method)).toEqual(['GET', 'GET', 'PATCH']);
  });
});

describe('kinds that come with the objects', () => {
  const definition: ApiObject = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: { group: 'example.com', names: { kind: 'Widget' } },
  };
  const widget: ApiObject = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'one' } };

  function serving(condition: object | undefined): Answering {
    const store = storing((object) => (condition ? { ...object, status: { conditions: [condition] } } : object));
    let asked = 0;
    return (one, response, request) => {
      if (one.url !== '/apis/example.com/v1') return store(one, response, request);
      asked += 1;
      if (asked < 3) return refuse(response, 404, 'NotFound', 'page not found');
      say(response, { resources: [{ name: 'widgets', kind: 'Widget', namespaced: false }] });
    };
  }

  test('are waited for before their objects, and until they are established', async () => {
    const { told, context } = await ground(serving({ type: 'Established', status: 'True' }));
    expect(await applyObjects(apply([written(definition), written(widget)]), context)).toEqual({ changed: true });
    expect(told).toEqual(['1/2', 'the API has Widget of example.com/v1: it has no such kind', '2/2']);
  });

  test('and what is in the way of one is told', async () => {
    const condition = { type: 'NamesAccepted', status: 'False', reason: 'ListKindConflict', message: 'already in use' };
    const { told, context, stop } = await ground(serving(condition));
    const pending = applyObjects(apply([written(definition)]), context);
    const seen = expect.stringContaining('is established: ListKindConflict: already in use');
    await expect.poll(() => told).toContainEqual(seen);
    stop.abort(new Error('stopped'));
    await expect(pending).rejects.toThrow('stopped');
  });
});

describe('a Node', () => {
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'cp1', resourceVersion: '5', labels: { 'node-role.kubernetes.io/etcd': '' } },
    spec: { taints: [{ key: 'other', effect: 'NoExecute', timeAdded: 'then' }] },
  };
  const marks = {
    labels: { a: 'b' },
    annotations: {},
    taints: [{ key: 'node-role.kubernetes.io/infra', effect: 'NoSchedule' }],
  };
  const patch = { ...step, kind: 'patch-node', kubeconfig: ADMIN, node: 'cp1', marks } as const;

  test('is read again when somebody else changes it meanwhile', async () => {
    let conflicts = 1;
    const { server, told, context } = await ground((asked, response) => {
      if (asked.method === 'PATCH' && conflicts-- > 0) return refuse(response, 409, 'Conflict', 'modified');
      const resourceVersion = asked.method === 'PATCH' ? '6' : '5';
      say(response, { ...node, metadata: { ...node.metadata, resourceVersion } });
    });
    expect(await patchNode(patch, context)).toEqual({ changed: true });
    expect(told).toEqual(['the object was changed meanwhile']);
    const last = server.asked.at(-1);
    expect(last?.type).toBe('application/strategic-merge-patch+json');
    expect(JSON.parse(last?.body ?? '')).toEqual({
      metadata: { labels: { a: 'b', 'node-role.kubernetes.io/etcd': null }, resourceVersion: '5' },
      spec: { taints: [...node.spec.taints, ...marks.taints] },
    });
  });

  test('an API server that goes and comes is what is seen, and ends no waiting', async () => {
    const answers: Answering[] = [
      (_asked, response) => refuse(response, 503, 'ServiceUnavailable', 'starting'),
      (_asked, response) => refuse(response, 404, 'NotFound', 'no'),
      (_asked, response) => say(response, { ...node, status: { conditions: [] } }),
      (_asked, response) => say(response, { ...node, status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
    ];
    const { told, context } = await ground((...words) => answers.shift()?.(...words));
    const awaited = awaitCluster({ that: 'node-ready', kubeconfig: ADMIN, node: 'cp1' }, context);
    await waitUntil(awaited, { deadlineSeconds: 20, periodMs: 1, stop: context.stop, report: context.report });
    expect(told).toEqual([
      expect.stringMatching(/^Node cp1 is ready: Cannot read Node cp1: .* 503 ServiceUnavailable: starting$/),
      'Node cp1 is ready: there is no such Node',
      'Node cp1 is ready: its kubelet has said nothing yet',
    ]);
  });

  test('a user without rights ends it at once', async () => {
    const { context } = await ground((_asked, response) => refuse(response, 401, 'Unauthorized', 'Unauthorized'));
    const awaited = awaitCluster({ that: 'node-registered', kubeconfig: ADMIN, node: 'cp1' }, context);
    await expect(
      waitUntil(awaited, { deadlineSeconds: 20, stop: context.stop, report: context.report }),
    ).rejects.toMatchObject({
      message: 'Cannot read Node cp1: the API server answers 401 Unauthorized: Unauthorized',
      hint: expect.stringContaining('certificate'),
    });
  });
});
