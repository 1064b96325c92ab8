import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { nodeFiles } from '../../src/kubernetes/node-files.ts';
import {
  type ApiObject,
  type ClusterObject,
  FIELD_MANAGER,
  nameOfObject,
} from '../../src/kubernetes/objects/api-object.ts';
import { calicoObjects } from '../../src/kubernetes/objects/calico/calico-objects.ts';
import { calicoSettings } from '../../src/kubernetes/objects/calico/calico-settings.ts';
import { clusterObjects } from '../../src/kubernetes/objects/cluster-objects.ts';
import { kubeProxyConfiguration } from '../../src/kubernetes/objects/kube-proxy-configuration.ts';
import { HEALTH_SCRIPT } from '../../src/kubernetes/objects/kube-proxy-daemon-set.ts';
import { nodeMarks } from '../../src/kubernetes/objects/node-marks.ts';
import { pkiSpecifications } from '../../src/kubernetes/pki/pki-specifications.ts';
import { renderYaml } from '../../src/kubernetes/render-yaml.ts';
import type { Step } from '../../src/plan/plan.ts';
import type { Condition } from '../../src/plan/step-kinds.ts';
import { nodeTemplates } from '../../src/product/node-templates.ts';
import { discContent } from '../support/cluster/disc-of-release.ts';
import { clusterNode, clusterSettings, hostFacts } from '../support/kubernetes/cluster-node.ts';
import { exampleConfiguration } from '../support/kubernetes/example-configuration.ts';
import { runOnNode } from '../support/kubernetes/run-on-node.ts';
import type { NodeCommand, NodeCommandResult, NodeResult } from '../support/kubernetes/sandbox/protocol.ts';
import { binaries } from '../support/release/binaries.ts';
import { testRelease } from '../support/release/release.ts';
import type { StepsOutcome } from './fixtures/api-steps.ts';

const VERSION = '1.36.3';
const ADDRESS = '10.78.0.11';
const SUPER_ADMIN = '/etc/kubernetes/super-admin.conf';
const ADMIN = '/etc/kubernetes/admin.conf';

const configuration = exampleConfiguration();
const node = clusterNode({
  advertiseAddress: ADDRESS,
  // The limits of connection tracking are the machine's.
  cluster: clusterSettings({ controlPlaneEndpoint: `${ADDRESS}:6443`, conntrackMaxPerCore: 0 }),
  host: hostFacts({ certificateDirectories: ['/usr/share/ca-certificates', '/usr/local/share/ca-certificates'] }),
});
const step = { id: 'step', host: node.nodeName, title: 'a step', reason: 'a test wants it', disrupts: null };
const unknownField: ClusterObject = {
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'wrong', namespace: 'default' }, dada: {} },
  write: 'apply',
  files: [],
};
const report = (line: string) => void process.stderr.write(`${line}\n`);
const templates = await nodeTemplates();
const release = await testRelease({}, report);
const upstream = await readFile(discContent(release).calicoManifest, 'utf8');
const calico = calicoObjects(upstream, calicoSettings(configuration), release.images);
const [administrators, ...others] = clusterObjects(node.cluster, configuration, templates);
const written = [...others, ...calico, ...widgets()];
const objects = [administrators, ...written].flatMap((one) => one?.object ?? []);

let result: NodeResult;
beforeAll(async () => {
  const programs = [
    await binaries({ name: 'kubernetes-control-plane', version: VERSION }, report),
    await binaries({ name: 'kubernetes-node', version: VERSION }, report),
    await binaries({ name: 'etcd' }, report),
  ];
  result = await runOnNode({
    hostname: node.nodeName,
    addresses: [`${ADDRESS}/24`],
    programs,
    files: nodeFiles(node, templates, ''),
    pki: pkiSpecifications(node, node.cluster.secretsEncryption),
    pods: ['etcd', 'kube-apiserver', 'apiserver-proxy'],
    commands: [
      steps('apply', [apply(SUPER_ADMIN, administrators === undefined ? [] : [administrators]), apply(ADMIN, written)]),
      { ...kubectl('held', ADMIN, 'get', '--filename=-', '--output=json'), input: list(objects) },
      steps('apply again', [apply(ADMIN, written), apply(ADMIN, [unknownField])]),
      { ...kubectl('held again', ADMIN, 'get', '--filename=-', '--output=json'), input: list(objects) },
      steps('before the node', [wait({ that: 'node-registered', node: node.nodeName }), mark()]),
      { ...kubectl('node', ADMIN, 'create', '--filename=-'), input: JSON.stringify(declaredNode()) },
      steps('marks', [wait({ that: 'node-registered', node: node.nodeName }), mark(), mark()]),
      kubectl('marked', ADMIN, 'get', 'node', node.nodeName, '--output=json'),
      ...stateOfNode(),
      ...stateOfPods(),
      { name: 'client', module: fixture('api-client.ts'), input: ADMIN },
      { name: 'lease', module: fixture('api-lease.ts'), input: ADMIN },
      healthScript(),
      kubectl('address', ADMIN, 'patch', 'node', node.nodeName, '--subresource=status', `--patch=${nodeStatus()}`),
      kubeProxy(),
    ],
  });
});

describe('the real apiserver', () => {
  it('takes every object by server-side apply with strict validation', () => {
    const { outcomes, told } = outcome('apply');
    expect(outcomes).toEqual([true, true]);
    expect(told).toContain(`${written.length} of ${written.length} objects`);
    expect([...versions('held').keys()]).toEqual(objects.map(nameOfObject));
    expect(said('held').stdout).not.toContain('BASE64(');
  });

  it('takes them again from the administrators that they make, and changes none', () => {
    expect(outcome('apply again').outcomes[0]).toBe(false);
    expect(versions('held again')).toEqual(versions('held'));
    for (const version of versions('held').values()) expect(version).toMatch(/^\d+$/);
  });

  it('would refuse a field that it does not know', () => {
    expect(outcome('apply again').outcomes[1]).toMatch(
      /^Cannot apply ConfigMap default\/wrong: .*\.dada: field not declared/,
    );
  });

  it('is waited for until a Node is registered and ready, and says what it has instead', () => {
    expect(outcome('before the node').outcomes).toEqual([
      expect.stringMatching(/^Waited 1 seconds in vain for this: Node cp1 is registered \/ .*there is no such Node$/),
      'Cannot mark Node cp1: there is no such Node / ',
    ]);
    expect(outcome('marks').outcomes).toEqual([false, true, false]);
    expect(outcome('not ready').outcomes).toEqual([expect.stringContaining('seen last: KubeletNotReady: no network')]);
    expect(outcome('ready').outcomes).toEqual([false]);
  });

  it('is waited for until all pods are ready, and says which ones are not, and why', () => {
    expect(outcome('no pods').outcomes).toEqual([expect.stringContaining('seen last: there is none')]);
    expect(outcome('crashing').outcomes).toEqual([
      expect.stringContaining(
        'seen last: Pod web container web: CrashLoopBackOff, ended with 2 (Error: no such option)',
      ),
    ]);
    expect(outcome('running').outcomes).toEqual([false]);
  });

  it('gives a node its marks, and keeps the taints of others', () => {
    const { metadata, spec } = JSON.parse(said('marked').stdout);
    expect(metadata.labels).toMatchObject({
      'node-role.kubernetes.io/infra': '',
      'node-role.kubernetes.io/bootstrap': '',
      'metalk8s.scality.com/apiserver-proxy': 'static-pod',
      'metalk8s.scality.com/version': '136.0.0',
      'kubernetes.io/os': 'linux',
    });
    expect(metadata.labels).not.toHaveProperty('node-role.kubernetes.io/etcd');
    expect(spec.taints).toEqual(
      expect.arrayContaining([
        { key: 'example.com/gpu', effect: 'NoExecute' },
        { key: 'node-role.kubernetes.io/infra', effect: 'NoSchedule' },
      ]),
    );
    expect(JSON.stringify(spec.taints)).not.toContain('node-role.kubernetes.io/etcd');
  });
});

it('the client reads, lists, makes, changes and deletes, and says what the server said', () => {
  expect(said('client')).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(said('client').stdout)).toEqual({
    unready: null,
    absent: null,
    created: [true, false],
    // In pages.
    listed: 300,
    selected: 1,
    patched: 'two',
    conflict: expect.stringMatching(/^Cannot change ConfigMap client\/kept: the API server answers 409 Conflict: /),
    unknownKind: 'Cannot use Widgit of example.com/v1: the API has no such kind',
    noNamespace: expect.stringMatching(
      /^Cannot create ConfigMap nowhere\/kept: .* 404 NotFound: namespaces "nowhere" not found$/,
    ),
    deleted: [true, false],
  });
});

it('a Lease keeps runs of different hosts apart, ends with its run or its time, and is none without a cluster', () => {
  expect(said('lease')).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(said('lease').stdout)).toEqual({
    first: { holder: 'cp1/0001-bootstrap', transitions: 0 },
    second: 'LOCKED: Another run works on this cluster: 0001-bootstrap on cp1, since 2026-01-01T00:00:00.000000Z',
    sameHost: { holder: 'cp1/0002-upgrade', transitions: 1 },
    released: { transitions: 1 },
    afterRelease: { holder: 'cp2/0001-upgrade', transitions: 2 },
    expired: { holder: 'cp1/0003-upgrade', transitions: 3 },
    lost: expect.stringMatching(/^LOCKED: Another run works on this cluster: 0003-upgrade on cp1, /),
    noKubeconfig: 'held nothing',
  });
});

it("Calico's file of the release has everything that is changed in it", () => {
  const daemonSet = calico.find(({ object }) => object.kind === 'DaemonSet')?.object;
  expect(JSON.stringify(daemonSet)).toContain('"CALICO_IPV4POOL_CIDR","value":"10.233.0.0/16"');
  const images = [...JSON.stringify(calico).matchAll(/"image":"([^"]+)"/g)].map(([, image]) => image);
  expect(images).toHaveLength(5);
  for (const image of images) expect(image).toMatch(/^docker\.io\/calico\/[a-z-]+@sha256:[0-9a-f]{64}$/);
  expect(calico).toHaveLength(upstream.match(/^kind: /gm)?.length ?? 0);
});

it("kube-proxy's first container puts the node's address into its configuration, and changes nothing else", () => {
  const { code, stdout } = said('health');
  expect(code).toBe(0);
  expect(parse(stdout)).toEqual({ ...kubeProxyConfiguration(node.cluster), healthzBindAddress: `${ADDRESS}:10256` });
});

it('the real kube-proxy takes that configuration, asks the API through apiserver-proxy, and listens where it should', () => {
  const { stdout, stderr } = said('kube-proxy');
  const listening = [...stdout.matchAll(/^LISTEN +\d+ +\d+ +(\S+) /gm)].map(([, address]) => address);
  expect(listening.sort(), stderr).toEqual(['10.78.0.11:10256', '127.0.0.1:10249']);
  expect(stderr).not.toMatch(/lenient decoding|unknown field/i);
});

function said(name: string): NodeCommandResult {
  const found = result.commands[name];
  if (found === undefined) throw new Error(`${name} was not run`);
  return found;
}

/** Objects in a printed list, by name, with what tells one state of them from another. */
function versions(name: string): Map<string, unknown> {
  const { items } = JSON.parse(said(name).stdout) as { items: ApiObject[] };
  return new Map(items.map((object) => [nameOfObject(object), object.metadata.resourceVersion]));
}

function outcome(name: string): StepsOutcome {
  const { code, stdout, stderr } = said(name);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as StepsOutcome;
}

function fixture(name: string): string {
  return new URL(`fixtures/${name}`, import.meta.url).pathname;
}

function steps(name: string, input: readonly Step[]): NodeCommand {
  return { name, module: fixture('api-steps.ts'), input };
}

function apply(kubeconfig: string, all: readonly ClusterObject[]): Step {
  return { ...step, kind: 'apply-objects', kubeconfig, fieldManager: FIELD_MANAGER, objects: all };
}

function mark(): Step {
  const marks = nodeMarks({ roles: ['bootstrap', 'infra'], version: '136.0.0', ssh: undefined });
  return { ...step, kind: 'patch-node', kubeconfig: ADMIN, node: node.nodeName, marks };
}

type InCluster<One> = One extends { readonly kubeconfig: string } ? Omit<One, 'kubeconfig'> : never;

function wait(condition: InCluster<Condition>): Step {
  return { ...step, kind: 'wait-for', deadlineSeconds: 1, condition: { ...condition, kubeconfig: ADMIN } };
}

function list(items: readonly ApiObject[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

function kubectl(name: string, kubeconfig: string, ...words: readonly string[]): NodeCommand {
  return { name, argv: ['kubectl', `--kubeconfig=${kubeconfig}`, ...words] };
}

function declaredNode(): ApiObject {
  const labels = { 'kubernetes.io/os': 'linux', 'node-role.kubernetes.io/etcd': '' };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: node.nodeName, labels }, spec: { taints: presentTaints } };
}

const presentTaints = [
  { key: 'node-role.kubernetes.io/etcd', effect: 'NoSchedule' },
  { key: 'example.com/gpu', effect: 'NoExecute' },
];

/** What the kubelet would say of the node. */
function stateOfNode(): NodeCommand[] {
  const say = (name: string, condition: object) => {
    const status = JSON.stringify({ status: { conditions: [{ type: 'Ready', ...condition }] } });
    return kubectl(name, ADMIN, 'patch', 'node', node.nodeName, '--subresource=status', `--patch=${status}`);
  };
  const ready = wait({ that: 'node-ready', node: node.nodeName });
  return [
    say('say not ready', { status: 'False', reason: 'KubeletNotReady', message: 'no network' }),
    steps('not ready', [ready]),
    say('say ready', { status: 'True' }),
    steps('ready', [ready]),
  ];
}

/** What the kubelet would say of a pod. */
function stateOfPods(): NodeCommand[] {
  const metadata = { name: 'web', namespace: 'waited-for' };
  const pod = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: metadata.namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...metadata, name: 'default' } },
    { apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: 'cp1', containers: [{ name: 'web', image: 'a/b' }] } },
  ];
  const say = (name: string, status: object) => {
    const patch = `--patch=${JSON.stringify({ status })}`;
    return kubectl(name, ADMIN, 'patch', 'pod', 'web', '-n', metadata.namespace, '--subresource=status', patch);
  };
  const ended = { exitCode: 2, reason: 'Error', message: 'no such option' };
  const container = { name: 'web', image: 'a/b', imageID: '', ready: false, restartCount: 3 };
  const waiting = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } };
  const ready = wait({ that: 'pods-ready', namespace: metadata.namespace });
  return [
    steps('no pods', [ready]),
    { ...kubectl('pod', ADMIN, 'create', '--filename=-'), input: list(pod) },
    say('say crashing', { containerStatuses: [{ ...container, state: waiting, lastState: { terminated: ended } }] }),
    steps('crashing', [ready]),
    say('say running', { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }),
    steps('running', [ready]),
  ];
}

/** A kind that the API gets, and at once an object of it. */
function widgets(): readonly ClusterObject[] {
  const names = { kind: 'Widget', plural: 'widgets', singular: 'widget' };
  const schema = { openAPIV3Schema: { type: 'object', properties: { size: { type: 'integer' } } } };
  return [
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Cluster',
        names,
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    },
    { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'small' }, size: 1 },
  ].map((object) => ({ object, write: 'apply', files: [] }));
}

function healthScript(): NodeCommand {
  const script = [
    'mkdir -p /var/lib/kube-proxy /run/kube-proxy',
    'cat >/var/lib/kube-proxy/config.conf',
    HEALTH_SCRIPT,
    'cat /run/kube-proxy/config.conf',
  ];
  const input = renderYaml(kubeProxyConfiguration(node.cluster)).trimEnd();
  return { name: 'health', argv: ['env', `HOST_IP=${ADDRESS}`, 'sh', '-euc', script.join('\n')], input };
}

function nodeStatus(): string {
  return JSON.stringify({ status: { addresses: [{ type: 'InternalIP', address: ADDRESS }] } });
}

/** The program, with the files that its pod would have, until it serves or 20 s are over; says then what listens. */
function kubeProxy(): NodeCommand {
  const account = '/var/run/secrets/kubernetes.io/serviceaccount';
  const script = [
    `mkdir -p ${account} /run/bin`,
    // What a link in /etc/alternatives would lead to.
    'for name in iptables iptables-save iptables-restore; do ln -s /usr/sbin/xtables-legacy-multi /run/bin/$name; done',
    'export PATH=/run/bin:$PATH:/usr/sbin',
    `cp /etc/kubernetes/pki/ca.crt ${account}/`,
    `kubectl --kubeconfig=${ADMIN} --namespace=kube-system create token kube-proxy >${account}/token`,
    'cat >/var/lib/kube-proxy/kubeconfig.conf',
    `kube-proxy --config=/run/kube-proxy/config.conf --hostname-override=${node.nodeName} &`,
    'proxy=$!',
    'tries=200',
    `until curl --silent --fail http://${ADDRESS}:10256/healthz; do`,
    '  tries=$((tries - 1)); [ $tries -gt 0 ] || break; kill -0 $proxy; sleep 0.1',
    'done',
    'echo',
    'ss --no-header --listening --tcp --numeric --processes | grep kube-proxy',
    'kill $proxy',
  ];
  const configMap = objects.find((object) => nameOfObject(object) === 'ConfigMap kube-system/kube-proxy');
  const { data = {} } = configMap as { data?: Record<string, string> };
  return { name: 'kube-proxy', argv: ['sh', '-euc', script.join('\n')], input: data['kubeconfig.conf'] ?? '' };
}
