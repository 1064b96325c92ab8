import { afterEach, beforeEach, expect, test } from 'vitest';
import { refuseOtherConfiguration } from '../../src/cli/refuse-other-configuration.ts';
import type { ApiObject } from '../../src/kubernetes/objects/api-object.ts';
import { configurationObject } from '../../src/kubernetes/objects/own-namespace.ts';
import { apiServer, refuse, say, type TestApiServer } from '../support/api/api-server.ts';
import { exampleConfiguration } from '../support/kubernetes/example-configuration.ts';
import { memoryStore } from '../support/pki/memory-store.ts';

let server: TestApiServer;
let object: ApiObject | undefined;
beforeEach(async () => {
  object = configurationObject(exampleConfiguration()).object;
  server = await apiServer((_, response) => {
    if (object === undefined) return refuse(response, 404, 'NotFound', 'no');
    say(response, { ...object, metadata: { ...object.metadata, resourceVersion: '1' } });
  });
});
afterEach(() => server.close());

const stop = new AbortController().signal;
const ours = exampleConfiguration();
const { kubernetes } = ours;
const other = { ...ours, kubernetes: { ...kubernetes, coreDNS: { ...kubernetes.coreDNS, replicas: 7 } } };
const refused = (configuration = ours, files = server.files) =>
  refuseOtherConfiguration(configuration, { files, file: '/etc/metalk8s/bootstrap.yaml', stop });

test('the cluster has the same, but for archives', async () => {
  await refused();
  await refused({ ...ours, archives: ['/elsewhere.iso'] });
  expect(server.asked.filter(({ url }) => url.endsWith('/configmaps/configuration'))).toHaveLength(2);
});

test('the cluster was changed since: each field is named, with what either says', async () => {
  object = configurationObject(other).object;
  await expect(refused()).rejects.toMatchObject({
    code: 'DIFFERS',
    message: 'The cluster has another configuration (cluster → file):\n  kubernetes.coreDNS.replicas: 7 → 2',
    where: '/etc/metalk8s/bootstrap.yaml',
  });
});

test('a cluster that cannot tell has nothing to compare with', async () => {
  await refused(other, memoryStore());
  object = undefined;
  await refused(other);
  const { files } = server;
  await server.close();
  await refused(other, files);
});
