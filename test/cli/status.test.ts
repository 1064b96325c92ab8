import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type StatusReport, statusReport } from '../../src/cli/status/report.ts';
import { statusAt } from '../../src/cli/status.ts';
import { journalLine } from '../../src/engine/journal.ts';
import { RUN_LOCK } from '../../src/engine/run-lock.ts';
import type { Host, HostFiles } from '../../src/hosts/host.ts';
import { processStart } from '../../src/hosts/process-start.ts';
import type { ApiObject } from '../../src/kubernetes/objects/api-object.ts';
import { CONFIGURATION_KEY, configurationObject } from '../../src/kubernetes/objects/own-namespace.ts';
import { exampleText } from '../config/example.ts';
import { apiServer, refuse, say, type TestApiServer } from '../support/api/api-server.ts';
import { exampleConfiguration } from '../support/kubernetes/example-configuration.ts';
import { type MemoryStore, memoryStore } from '../support/pki/memory-store.ts';
import { runMain } from '../support/run-main.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

let server: TestApiServer;
let answers: Map<string, readonly ApiObject[]>;
let ready: string | undefined;
let configuration: ApiObject | undefined;
beforeEach(async () => {
  ready = undefined;
  answers = new Map([
    ['/api/v1/nodes', [node()]],
    ['/api/v1/namespaces/kube-system/pods', [apiserverPod()]],
  ]);
  configuration = configurationObject(exampleConfiguration()).object;
  server = await apiServer(({ url }, response) => {
    const path = url.split('?')[0] ?? '';
    if (path === '/readyz') return void response.writeHead(ready === undefined ? 200 : 500).end(ready ?? 'ok');
    if (!path.endsWith('/configmaps/configuration'))
      return say(response, { metadata: {}, items: answers.get(path) ?? [] });
    if (configuration === undefined) return refuse(response, 404, 'NotFound', 'no');
    say(response, { ...configuration, metadata: { ...configuration.metadata, resourceVersion: '1' } });
  });
});
afterEach(() => server.close());

interface Site {
  readonly files?: MemoryStore;
  readonly uid?: number;
  readonly runs?: Readonly<Record<string, readonly object[]>>;
  readonly configuration?: string | null;
  readonly words?: readonly string[];
}

/** Runs the command on a host of which only this is real: the files of a store, runs, and a configuration. */
async function statusOf({
  files = server.files,
  uid = 0,
  runs = {},
  configuration: text = exampleText(),
  words = [],
}: Site = {}) {
  return inTemporaryDirectory(async (directory) => {
    for (const [id, entries] of Object.entries(runs)) {
      await mkdir(join(directory, 'runs', id), { recursive: true });
      await writeFile(join(directory, 'runs', id, 'inputs.json'), '{}');
      await writeFile(
        join(directory, 'runs', id, 'journal.ndjson'),
        entries.map((one) => journalLine(one as never)).join(''),
      );
    }
    const file = join(directory, 'bootstrap.yaml');
    if (text !== null) await writeFile(file, text);
    const host = { name: 'cp1', files: hostFiles(files) } as Host;
    const paths = { runs: join(directory, 'runs'), trust: '' };
    const command = statusAt(() => ({ uid, host, observe: () => expect.fail('nothing is gathered'), paths }));
    const table = { status: { summary: 'status', load: async () => command } };
    return runMain(['status', '--config', file, ...words], { table });
  });
}

async function reportOf(site: Site = {}): Promise<StatusReport & { readonly exit: number }> {
  const { exit, stdout, stderr } = await statusOf({ ...site, words: ['-o', 'json'] });
  expect(stderr).toBe('');
  return { ...JSON.parse(stdout), exit };
}

function hostFiles(store: MemoryStore): HostFiles {
  const below = (path: string) => [...store.files.keys()].filter((each) => each.startsWith(`${path}/`));
  const list = async (path: string) => {
    const names = [...new Set(below(path).map((each) => each.slice(path.length + 1).split('/')[0] ?? ''))];
    return names.length === 0 ? undefined : names.sort();
  };
  const look = async (path: string) => (store.files.has(path) || below(path).length > 0 ? { type: 'file' } : undefined);
  return { ...store, list, look } as unknown as HostFiles;
}

function node(changes: object = {}): ApiObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: 'cp1',
      resourceVersion: '1',
      labels: {
        'node-role.kubernetes.io/etcd': '',
        'node-role.kubernetes.io/control-plane': '',
        'metalk8s.scality.com/version': '136.0.0',
      },
    },
    spec: {},
    status: {
      conditions: [{ type: 'Ready', status: 'True' }],
      nodeInfo: { kubeletVersion: 'v1.36.3' },
      addresses: [{ type: 'InternalIP', address: '10.78.0.11' }],
    },
    ...changes,
  };
}

function apiserverPod(
  status: object = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
): ApiObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'kube-apiserver-cp1',
      namespace: 'kube-system',
      resourceVersion: '1',
      labels: { component: 'kube-apiserver', tier: 'control-plane' },
    },
    spec: { nodeName: 'cp1' },
    status,
  };
}

const begun = {
  time: '2026-11-21T18:43:00Z',
  what: 'run-begun',
  command: 'bootstrap',
  version: '136.0.0',
  planDigest: 'x',
};
const inStep = { time: '2026-11-21T18:44:00Z', what: 'step-begun', host: 'cp1', step: 'apply-calico' };
const done = { time: '2026-11-21T18:50:00Z', what: 'run-ended', outcome: 'done' };
const RUN = '0001-bootstrap-20261121T184300Z';

test('a healthy cluster: exit status 0, and everything that there is', async () => {
  server.files.put('/srv/metalk8s/136.0.0/release.json', release('136.0.0'));
  server.files.put('/proc/self/mountinfo', '9 1 7:0 / /srv/metalk8s/136.0.0 ro - iso9660 /dev/loop0 ro\n');
  server.files.put('/etc/systemd/system/srv-metalk8s-136.0.0.mount', '[Mount]\nWhat=/root/metalk8s.iso\n');
  const { exit, stdout } = await statusOf({ runs: { [RUN]: [begun, inStep, done] } });
  const shown = stdout
    .replaceAll(/\d{3,4} days, until \d{4}-\d\d-\d\d +/g, 'DAYS, until DAY  ')
    .replace(server.url, 'https://SERVER')
    .replace(/\/\S+\/bootstrap\.yaml/, '/etc/metalk8s/bootstrap.yaml');
  await expect(shown).toMatchFileSnapshot('../golden/status.txt');
  expect(exit).toBe(0);
});

test('what was never a cluster, or is none any more', async () => {
  const files = memoryStore();
  expect(await statusOf({ files, configuration: null })).toMatchObject({
    exit: 10,
    stdout: 'cp1: no cluster on this host\n',
  });
  const report = await reportOf({
    files,
    runs: { '0002-reset-20261121T190000Z': [{ ...begun, command: 'reset' }, done] },
  });
  expect(report).toMatchObject({
    state: 'no-cluster',
    problems: [],
    api: null,
    runs: [{ command: 'reset', state: 'finished' }],
  });
});

test('YAML is the same data', async () => {
  const { stdout } = await statusOf({ words: ['-o', 'yaml'] });
  expect(stdout).toMatch(/^host: cp1\nstate: healthy\nproblems: \[\]\n/);
});

test('another user than root is told so', async () => {
  const { exit, stdout, stderr } = await statusOf({ uid: 1000 });
  expect([exit, stdout]).toEqual([4, '']);
  expect(stderr).toContain('only root may read all that this shows');
});

test.each([
  [31, undefined],
  [29.5, 'the certificate in /a.crt ends on 2026-01-30, in 29 days'],
  [-0.5, 'the certificate in /a.crt ended on 2025-12-31'],
])('a certificate that ends in %d days', (days, problem) => {
  const now = new Date('2026-01-01T00:00:00Z');
  const notAfter = new Date(now.getTime() + days * 24 * 60 * 60 * 1000);
  const certificates = [{ path: '/a.crt', commonName: 'a', notAfter }];
  const files = { certificates, archives: [], runs: [], working: null };
  const cluster = { server: '', fault: null, nodes: [], pods: [], workloads: [], configuration: node() };
  const compared = { file: '/b.yaml', state: 'same', differences: [], fault: null } as const;
  const report = statusReport({ host: 'cp1', files, cluster, configuration: compared, now });
  expect(report.problems).toEqual(problem === undefined ? [] : [problem]);
});

describe('what is wrong is told, with exit status 10', () => {
  async function problemsOf(site: Site = {}): Promise<readonly string[]> {
    const { exit, state, problems } = await reportOf(site);
    expect([exit, state]).toEqual([10, 'unhealthy']);
    return problems;
  }

  test('no API server', async () => {
    const port = new URL(server.url).port;
    await server.close();
    const { problems, certificates, api } = await reportOf();
    expect(problems).toEqual([
      `the API server: Cannot ask whether the API server is ready: connect ECONNREFUSED 127.0.0.1:${port}`,
    ]);
    expect(certificates.length).toBeGreaterThan(10);
    expect(api?.fault).toContain('ECONNREFUSED');
    const { stdout } = await statusOf();
    expect(stdout).toMatch(/API .* away\n/);
    server = await apiServer(() => {});
  });

  test('an API server that is not ready', async () => {
    ready = '[-]etcd failed: reason withheld\n';
    expect(await problemsOf()).toEqual(['the API server: it is not ready: these of its checks fail: etcd']);
  });

  test('a Node that is not ready, and one that is cordoned is none', async () => {
    const conditions = [{ type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: 'no network' }];
    answers.set('/api/v1/nodes', [node({ status: { conditions }, spec: { unschedulable: true } })]);
    expect(await problemsOf()).toEqual(['Node cp1 is not ready: KubeletNotReady: no network']);
    expect((await statusOf()).stdout).toContain('cp1  not ready, cordoned  control-plane,etcd');
  });

  test('pods and workloads of the system', async () => {
    const ended = { name: 'x', image: '', ready: false, state: { terminated: { exitCode: 2 } } };
    answers.set('/api/v1/namespaces/kube-system/pods', [
      apiserverPod({ phase: 'Running', containerStatuses: [ended] }),
    ]);
    const metadata = { name: 'kube-proxy', namespace: 'kube-system', resourceVersion: '1' };
    const status = { desiredNumberScheduled: 2, updatedNumberScheduled: 1 };
    answers.set('/apis/apps/v1/namespaces/kube-system/daemonsets', [
      { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, status },
    ]);
    expect(await problemsOf()).toEqual([
      'DaemonSet kube-system/kube-proxy has 1 of 2 pods',
      'Pod kube-system/kube-apiserver-cp1 container x ended with 2',
    ]);
  });

  test('another configuration, but for where archives lie', async () => {
    const text = exampleText().replace(/archives:\n.*\n/, 'archives:\n  - /elsewhere.iso\n');
    expect((await reportOf({ configuration: text })).configuration.state).toBe('same');
    const changed = `${text}debug: true\n`;
    expect(await problemsOf({ configuration: changed })).toEqual([
      expect.stringMatching(/bootstrap\.yaml is not what the cluster has: debug: false → true$/),
    ]);
  });

  test('a configuration that is invalid; one that is not there is no fault', async () => {
    expect(await problemsOf({ configuration: 'kind: Nothing\n' })).toEqual([
      expect.stringContaining('bootstrap.yaml: '),
    ]);
    expect(await reportOf({ configuration: null })).toMatchObject({
      state: 'healthy',
      configuration: { state: 'no-file' },
    });
  });

  test('a cluster without our configuration', async () => {
    configuration = undefined;
    expect(await problemsOf()).toEqual(['the cluster has no configuration of ours: bootstrap has not come to its end']);
  });

  test.each(['- a list\n', '{', 'a text'])('a cluster’s configuration that is none: %j', async (text) => {
    configuration = { ...(configuration as ApiObject), data: { [CONFIGURATION_KEY]: text } };
    expect(await problemsOf()).toEqual([`the ConfigMap of the cluster has no ${CONFIGURATION_KEY} that can be read`]);
  });

  test('a certificate that is none', async () => {
    server.files.put('/etc/kubernetes/pki/broken.crt', 'not a certificate');
    expect(await problemsOf()).toEqual(['/etc/kubernetes/pki/broken.crt holds no certificate that can be read']);
  });

  test('archives that are not mounted, or are of another version', async () => {
    server.files.put('/srv/metalk8s/136.0.0/lost+found', '');
    server.files.put('/srv/metalk8s/136.0.1/release.json', release('136.0.2'));
    expect(await problemsOf()).toEqual([
      'archive /srv/metalk8s/136.0.0: nothing is mounted there',
      'archive /srv/metalk8s/136.0.1: it is of version 136.0.2',
    ]);
  });

  test('what else lies among the archives is none', async () => {
    server.files.put('/srv/metalk8s/lost+found/x', '');
    server.files.put('/srv/metalk8s/metalk8s-136.1.0.iso', '');
    server.files.put('/srv/metalk8s/notes.txt', '');
    expect(await reportOf()).toMatchObject({ state: 'healthy', problems: [], archives: [] });
  });

  test('a run that did not come to its end, and one that is at work', async () => {
    const runs = { [RUN]: [begun, inStep] };
    expect(await problemsOf({ runs })).toEqual([
      `run ${RUN} was killed in step apply-calico: run \`metalk8s bootstrap\` again`,
    ]);
    const failed = { ...done, outcome: 'failed' };
    expect(await problemsOf({ runs: { [RUN]: [begun, inStep, failed] } })).toEqual([
      `run ${RUN} was ended by a failure in step apply-calico: run \`metalk8s bootstrap\` again`,
    ]);
    const stat = await readFile('/proc/self/stat', 'utf8');
    const start = processStart(stat);
    const owner = { pid: 77, command: 'metalk8s bootstrap', since: '2026-11-21T18:43:00Z', runId: RUN, start };
    const atWork = `metalk8s bootstrap (process 77, since 2026-11-21T18:43:00Z, run ${RUN}) is at work`;
    server.files.put(RUN_LOCK, `${JSON.stringify(owner)}\n`);
    // Whoever was killed is named by the lock too.
    expect(await problemsOf({ runs })).toEqual([expect.stringContaining('was killed')]);
    server.files.put('/proc/77/stat', stat);
    expect(await problemsOf({ runs })).toEqual([atWork]);
  });

  test.each([
    ['a run that came to its end', done],
    ['a run that failed', { ...done, outcome: 'failed' }],
  ])('a command at work after %s, before it has a run of its own', async (_what, end) => {
    const stat = await readFile('/proc/self/stat', 'utf8');
    const owner = { pid: 77, command: 'metalk8s reset', since: '2026-11-21T19:00:00Z', start: processStart(stat) };
    server.files.put(RUN_LOCK, `${JSON.stringify(owner)}\n`);
    server.files.put('/proc/77/stat', stat);
    const problems = await problemsOf({ runs: { [RUN]: [begun, inStep, end] } });
    expect(problems).toEqual(['metalk8s reset (process 77, since 2026-11-21T19:00:00Z) is at work']);
  });

  test('a host that is no control plane cannot be asked', async () => {
    const files = memoryStore();
    const crt = (await server.files.read('/etc/kubernetes/pki/ca.crt')) ?? '';
    files.put('/etc/kubernetes/pki/ca.crt', crt);
    expect(await problemsOf({ files })).toEqual([expect.stringContaining('ask on a control plane')]);
  });
});

function release(version: string): string {
  const head = { apiVersion: 'metalk8s.scality.com/v1alpha1', kind: 'Archive', version, kubernetes: '1.36.3' };
  return JSON.stringify({ ...head, date: '2026-11-21T00:00:00Z', signingKey: null });
}
