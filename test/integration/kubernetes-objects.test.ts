import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { nodeFiles } from '../../src/kubernetes/node-files.ts';
import { type ApiObject, FIELD_MANAGER, nameOfObject, withFiles } from '../../src/kubernetes/objects/api-object.ts';
import { calicoObjects } from '../../src/kubernetes/objects/calico/calico-objects.ts';
import { calicoSettings } from '../../src/kubernetes/objects/calico/calico-settings.ts';
import { clusterObjects } from '../../src/kubernetes/objects/cluster-objects.ts';
import { kubeProxyConfiguration } from '../../src/kubernetes/objects/kube-proxy-configuration.ts';
import { HEALTH_SCRIPT } from '../../src/kubernetes/objects/kube-proxy-daemon-set.ts';
import { nodeMarks, nodePatch } from '../../src/kubernetes/objects/node-marks.ts';
import { pkiSpecifications } from '../../src/kubernetes/pki/pki-specifications.ts';
import { renderYaml } from '../../src/kubernetes/render-yaml.ts';
import { nodeTemplates } from '../../src/product/node-templates.ts';
import { discContent } from '../support/cluster/disc-of-release.ts';
import { clusterNode, clusterSettings, hostFacts } from '../support/kubernetes/cluster-node.ts';
import { exampleConfiguration } from '../support/kubernetes/example-configuration.ts';
import { runOnNode } from '../support/kubernetes/run-on-node.ts';
import type { NodeCommand, NodeCommandResult, NodeResult } from '../support/kubernetes/sandbox/protocol.ts';
import { binaries } from '../support/release/binaries.ts';
import { testRelease } from '../support/release/release.ts';

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
const report = (line: string) => void process.stderr.write(`${line}\n`);
const templates = await nodeTemplates();
const release = await testRelease({}, report);
const upstream = await readFile(discContent(release).calicoManifest, 'utf8');
const calico = calicoObjects(upstream, calicoSettings(configuration), release.images);
const authority = new Map([['/etc/kubernetes/pki/ca.crt', Buffer.from('a certificate')]]);
const objects = [...clusterObjects(node.cluster, configuration, templates), ...calico].map((one) =>
  withFiles(one, authority),
);

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
      { ...apply('apply', SUPER_ADMIN, objects) },
      kubectl('established', ADMIN, 'wait', '--for=condition=Established', 'crd', '--all', '--timeout=20s'),
      { ...kubectl('held', ADMIN, 'get', '--filename=-', '--output=json'), input: list(objects) },
      { ...apply('apply again', ADMIN, objects) },
      apply('unknown field', ADMIN, [
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'wrong', namespace: 'default' }, dada: {} },
      ]),
      { ...kubectl('node', ADMIN, 'create', '--filename=-'), input: JSON.stringify(declaredNode()) },
      kubectl('marks', ADMIN, 'patch', 'node', node.nodeName, '--type=strategic', `--patch=${JSON.stringify(patch())}`),
      kubectl('marked', ADMIN, 'get', 'node', node.nodeName, '--output=json'),
      healthScript(),
      kubectl('address', ADMIN, 'patch', 'node', node.nodeName, '--subresource=status', `--patch=${nodeStatus()}`),
      kubeProxy(),
    ],
  });
});

describe('the real apiserver', () => {
  it('takes every object by server-side apply with strict validation', () => {
    expect(said('apply')).toMatchObject({ code: 0, stderr: '' });
    expect([...versions('apply').keys()]).toEqual(objects.map(nameOfObject));
  });

  it('takes them again from the administrators that they make, and changes none', () => {
    expect(said('established').code).toBe(0);
    expect(said('apply again')).toMatchObject({ code: 0, stderr: '' });
    expect(versions('apply again')).toEqual(versions('held'));
    for (const version of versions('held').values()) expect(version).toMatch(/^\d+$/);
  });

  it('would refuse a field that it does not know', () => {
    expect(said('unknown field')).toMatchObject({ code: 1, stderr: expect.stringContaining('dada') });
  });

  it('gives a node its marks, and keeps the taints of others', () => {
    const { metadata, spec } = JSON.parse(said('marked').stdout);
    expect(metadata.labels).toMatchObject({
      'node-role.kubernetes.io/infra': '',
      'node-role.kubernetes.io/bootstrap': '',
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

function apply(name: string, kubeconfig: string, all: readonly ApiObject[]): NodeCommand {
  const words = [
    'apply',
    '--server-side',
    '--force-conflicts',
    `--field-manager=${FIELD_MANAGER}`,
    '--validate=strict',
  ];
  return { ...kubectl(name, kubeconfig, ...words, '--output=json', '--filename=-'), input: list(all) };
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

function patch() {
  const marks = nodeMarks({ roles: ['bootstrap', 'infra'], version: '136.0.0', ssh: undefined });
  return nodePatch(marks, { labels: { 'node-role.kubernetes.io/etcd': '' }, taints: presentTaints });
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
