import { statfs } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../src/kubernetes/cluster-node.ts';
import { clusterConfiguration } from '../../src/kubernetes/kubeadm/cluster-configuration.ts';
import {
  kubeletClusterConfiguration,
  kubeletConfiguration,
} from '../../src/kubernetes/kubelet/kubelet-configuration.ts';
import { listenersOf } from '../../src/kubernetes/listeners.ts';
import { nodeFiles } from '../../src/kubernetes/node-files.ts';
import { pkiSpecifications } from '../../src/kubernetes/pki/pki-specifications.ts';
import { renderYaml } from '../../src/kubernetes/render-yaml.ts';
import { registryServer } from '../../src/kubernetes/static-pods/registry.ts';
import { nodeTemplates } from '../../src/product/node-templates.ts';
import { registryTemplates } from '../../src/product/registry-templates.ts';
import { registryConfiguration } from '../../src/registry/nginx-configuration.ts';
import { clusterNode, clusterSettings, hostFacts } from '../support/kubernetes/cluster-node.ts';
import { runOnNode } from '../support/kubernetes/run-on-node.ts';
import type {
  NodeCommand,
  NodeCommandResult,
  NodeRequest,
  NodeResult,
} from '../support/kubernetes/sandbox/protocol.ts';
import { binaries } from '../support/release/binaries.ts';

const VERSION = '1.36.3';
const ADDRESS = '10.78.0.11';
const WORKLOAD_ADDRESS = '10.79.0.11';
const SECRET = 'a-word-that-must-not-be-read-in-etcd';
const PODS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'apiserver-proxy', 'registry'];
const ETCD_PKI = '/etc/kubernetes/pki/etcd';
const SUPER_ADMIN = '--kubeconfig=/etc/kubernetes/super-admin.conf';
/** How the kernel names a file system of cgroup v2. */
const CGROUP2_MAGIC = 0x63677270;

const node = clusterNode({
  advertiseAddress: ADDRESS,
  cluster: clusterSettings({ controlPlaneEndpoint: `${ADDRESS}:6443` }),
  host: hostFacts({ certificateDirectories: ['/usr/share/ca-certificates', '/usr/local/share/ca-certificates'] }),
});
const tolerant = { ...node, cluster: { ...node.cluster, allowCgroupV1: true } };
const report = (line: string) => void process.stderr.write(`${line}\n`);

let result: NodeResult;
beforeAll(async () => {
  result = await runOnNode(await nodeRequest());
  report(`all pods healthy after ${result.healthyAfterMs} ms`);
});

describe('the programs of a control plane, run as our manifests say, with our files', () => {
  it('listen where the table of listeners says, and nowhere else', () => {
    const planes = { controlPlaneAddress: ADDRESS, workloadPlaneAddress: WORKLOAD_ADDRESS };
    const expected = listenersOf({ roles: node.roles, ...planes, cni: 'none' })
      .filter(({ component }) => PODS.includes(component))
      // The kernel keeps fifteen letters of a program's name.
      .map(({ address, port, component }) => `${address}:${port} ${programOf(component).slice(0, 15)}`);
    const found = result.listening.map(({ address, port, program }) => `${address}:${port} ${program}`);
    expect([...new Set(found)].sort()).toEqual(expected.sort());
  });

  it('keep Secrets encrypted in etcd', () => {
    expect(said('create a secret').stdout).toBe('secret/probe created\n');
    const stored = said('secret in etcd').stdout;
    expect(stored.slice(0, 24)).toBe('k8s:enc:secretbox:v1:key1:'.slice(0, 24));
    expect(stored).not.toContain(SECRET);
  });

  it('write who made a Secret into the audit log, and not what is in it', () => {
    const log = said('audit log').stdout;
    const events = log
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const made = events.filter(
      ({ verb, objectRef }) => verb === 'create' && objectRef?.resource === 'secrets' && objectRef.name === 'probe',
    );
    expect(made).toHaveLength(1);
    expect(made[0]).toMatchObject({ level: 'Metadata', user: { username: 'kubernetes-super-admin' } });
    expect(log).not.toContain(SECRET);
    expect(log).not.toContain(Buffer.from(SECRET).toString('base64'));
    expect(events.filter(({ objectRef }) => objectRef?.resource === 'leases').map(({ user }) => user.username)).toEqual(
      [],
    );
  });

  it('refuse a privileged pod, but for the system, and warn of a lax one', () => {
    expect(said('privileged pod').stderr).toContain('violates PodSecurity "baseline:latest": privileged');
    expect(said('privileged pod of the system').stdout).toMatch(/^pod\/probe-\w+ created/);
    expect(said('lax pod')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('would violate PodSecurity "restricted:latest"'),
    });
  });

  it('refuse a Service that takes an address of its own choice', () => {
    expect(said('service with an external address').stderr).toContain(
      'Use of external IPs is denied by admission control',
    );
  });

  it('speak TLS 1.2, and neither 1.1 nor suites with CBC', () => {
    expect(said('TLS 1.2').stdout).toMatch(/Cipher is ECDHE-\w+-AES\d+-GCM/);
    expect(said('TLS 1.1').stdout).toContain('Cipher is (NONE)');
    expect(said('CBC').stdout).toContain('Cipher is (NONE)');
  });

  it('are reached through apiserver-proxy, with the certificate of the apiserver', () => {
    expect(said('through apiserver-proxy')).toMatchObject({ code: 0, stdout: 'ok' });
  });
});

describe('real kubeadm on that node', () => {
  it('finds every certificate', () => {
    const { code, stdout, stderr } = said('kubeadm certs check-expiration');
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(/MISSING|invalid|error/i);
    expect(stdout).toMatch(/^apiserver-kubelet-client +\w+ \d+, 20\d\d /m);
  });

  it('makes a token', () => {
    expect(said('kubeadm token create')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^[a-z0-9]{6}\.[a-z0-9]{16}\n$/),
    });
  });

  it('would change nothing in an upgrade to the version that is there', () => {
    const { code, stdout, stderr } = said('kubeadm upgrade diff');
    expect(
      { code, differences: stdout.split('\n').filter((line) => /^(?:---|\+\+\+|[-+] )/.test(line)) },
      stderr,
    ).toEqual({
      code: 0,
      differences: [],
    });
  });

  it('would show a difference if there were one', () => {
    expect(said('kubeadm upgrade diff after a change').stdout).toMatch(/^\+ {4}- --profiling=false$/m);
  });
});

describe('the real kubelet', async () => {
  const { type } = await statfs('/sys/fs/cgroup');
  const machine = type === CGROUP2_MAGIC ? 'v2' : 'v1';
  const noRuntime = /failed to run Kubelet: validate service connection: .*containerd\.sock/;
  /** The one thing that is wrong: several would stand in brackets. */
  const cgroupV1Alone =
    /failed to validate kubelet configuration, error: kubelet is configured to not run on a host using cgroup v1[^[\]]*"$/m;

  it(`takes our configuration as it is, on a machine with cgroup ${machine}`, () => {
    const { stderr } = said('kubelet');
    expect(stderr).toMatch(machine === 'v2' ? noRuntime : cgroupV1Alone);
    expect(stderr).not.toMatch(/lenient decoding|deprecated/i);
  });

  it('takes it with cgroup v1 allowed, and misses nothing but a container runtime', () => {
    const { stderr } = said('kubelet that allows cgroup v1');
    expect(stderr).toMatch(noRuntime);
    expect(stderr).not.toMatch(/lenient decoding|failed to validate/);
  });

  it('would say so if a field were unknown or a value wrong', () => {
    const { stderr } = said('kubelet with faults');
    expect(stderr).toContain('unknown field \\"podPidLimit\\"');
    expect(stderr).toMatch(/invalid configuration: .*maxPods.* -1/);
  });
});

function said(name: string): NodeCommandResult {
  const found = result.commands[name];
  if (found === undefined) throw new Error(`${name} was not run`);
  return found;
}

function programOf(component: string): string {
  return ['apiserver-proxy', 'registry'].includes(component) ? 'nginx' : component;
}

async function nodeRequest(): Promise<NodeRequest> {
  const programs = [
    await binaries({ name: 'kubernetes-control-plane', version: VERSION }, report),
    await binaries({ name: 'kubernetes-node', version: VERSION }, report),
    await binaries({ name: 'kubeadm', version: VERSION }, report),
    await binaries({ name: 'etcd' }, report),
  ];
  const archive = {
    name: '136.0.0',
    catalogue: { repositories: [] },
    blobs: '/srv/metalk8s/b',
    packages: '/srv/metalk8s/p',
  };
  const { nginx } = registryConfiguration([archive], registryServer(node), await registryTemplates());
  return {
    hostname: node.nodeName,
    addresses: [`${ADDRESS}/24`, `${WORKLOAD_ADDRESS}/24`],
    programs,
    files: nodeFiles(node, await nodeTemplates(), nginx),
    pki: pkiSpecifications(node, node.cluster.secretsEncryption),
    pods: PODS,
    commands: [...ofTheApi(), ...ofKubeadm(), ...ofTheKubelet()],
  };
}

function ofTheApi(): readonly NodeCommand[] {
  const openssl = (name: string, ...words: string[]) => {
    return { name, argv: ['openssl', 's_client', '-connect', `${ADDRESS}:6443`, ...words] };
  };
  return [
    // What pods need, the controller manager makes.
    kubectl('service account', 'wait', '--for=create', 'serviceaccount/default', '--timeout=30s'),
    create('create a secret', { kind: 'Secret', metadata: { name: 'probe' }, stringData: { word: SECRET } }),
    {
      name: 'secret in etcd',
      argv: [
        'etcdctl',
        '--endpoints=https://127.0.0.1:2379',
        `--cacert=${ETCD_PKI}/ca.crt`,
        `--cert=${ETCD_PKI}/healthcheck-client.crt`,
        `--key=${ETCD_PKI}/healthcheck-client.key`,
        'get',
        '--print-value-only',
        '/registry/secrets/default/probe',
      ],
    },
    create('privileged pod', pod('default', { privileged: true })),
    create('privileged pod of the system', pod('kube-system', { privileged: true })),
    create('lax pod', pod('default', {})),
    create('service with an external address', {
      kind: 'Service',
      metadata: { name: 'external' },
      spec: { ports: [{ port: 80 }], externalIPs: ['192.0.2.1'] },
    }),
    kubectl('through apiserver-proxy', '--server=https://127.0.0.1:7443', 'get', '--raw=/readyz'),
    openssl('TLS 1.2', '-tls1_2'),
    openssl('TLS 1.1', '-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'),
    openssl('CBC', '-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA'),
    { name: 'audit log', argv: ['cat', '/var/log/kubernetes/audit/audit.log'] },
  ];
}

/** What kubeadm asks the API for is made by hand: the objects, and the mirror of the static pod, for want of a kubelet. */
function ofKubeadm(): readonly NodeCommand[] {
  const configMap = (name: string, data: Record<string, string>) => ({
    kind: 'ConfigMap',
    metadata: { name, namespace: 'kube-system' },
    data,
  });
  const path = '/etc/kubernetes/manifests/kube-apiserver.yaml';
  const apiserver = {
    annotations: endpointAnnotation(node),
    labels: { component: 'kube-apiserver', tier: 'control-plane' },
  };
  return [
    kubectl(
      'administrators',
      'create',
      'clusterrolebinding',
      'kubeadm:cluster-admins',
      '--clusterrole=cluster-admin',
      '--group=kubeadm:cluster-admins',
    ),
    create(
      'kubeadm-config',
      configMap('kubeadm-config', { ClusterConfiguration: renderYaml(clusterConfiguration(node.cluster)) }),
    ),
    create(
      'kubelet-config',
      configMap('kubelet-config', { kubelet: renderYaml(kubeletClusterConfiguration(node.cluster)) }),
    ),
    create('node', { kind: 'Node', metadata: { name: node.nodeName } }),
    create('mirror pod', {
      kind: 'Pod',
      metadata: { name: `kube-apiserver-${node.nodeName}`, namespace: 'kube-system', ...apiserver },
      spec: {
        nodeName: node.nodeName,
        automountServiceAccountToken: false,
        containers: [{ name: 'kube-apiserver', image: 'example.com/none:1' }],
      },
    }),
    { name: 'kubeadm certs check-expiration', argv: ['kubeadm', 'certs', 'check-expiration'] },
    { name: 'kubeadm token create', argv: ['kubeadm', 'token', 'create'] },
    { name: 'kubeadm upgrade diff', argv: ['kubeadm', 'upgrade', 'diff', `v${VERSION}`] },
    { name: 'change', argv: ['sed', '-i', '/--profiling=false/d', path] },
    { name: 'kubeadm upgrade diff after a change', argv: ['kubeadm', 'upgrade', 'diff', `v${VERSION}`] },
  ];
}

function ofTheKubelet(): readonly NodeCommand[] {
  const faulty = { ...kubeletConfiguration(tolerant), podPidLimit: 1, maxPods: -1 };
  return [
    kubelet('kubelet', renderYaml(kubeletConfiguration(node))),
    kubelet('kubelet that allows cgroup v1', renderYaml(kubeletConfiguration(tolerant))),
    kubelet('kubelet with faults', renderYaml(faulty)),
  ];
}

/** As systemd would start it: our drop-in's last line, its variables, and our flags. */
function kubelet(name: string, configuration: string): NodeCommand {
  const script = [
    'cat >/var/lib/kubelet/config.yaml',
    'unit=/etc/systemd/system/kubelet.service.d/10-kubeadm.conf',
    `eval "$(sed -n 's/^Environment="\\([A-Z_]*\\)=\\(.*\\)"$/\\1="\\2"/p' $unit)"`,
    '. /var/lib/kubelet/kubeadm-flags.env',
    `eval "exec $(sed -n 's|^ExecStart=/usr/bin/||p' $unit | tail -n 1)"`,
  ];
  return { name, argv: ['sh', '-c', script.join('\n')], input: configuration };
}

function kubectl(name: string, ...words: readonly string[]): NodeCommand {
  return { name, argv: ['kubectl', SUPER_ADMIN, ...words] };
}

function create(name: string, object: object): NodeCommand {
  const input = JSON.stringify({ apiVersion: 'v1', ...object });
  return { ...kubectl(name, 'create', '--filename=-'), input };
}

function pod(namespace: string, securityContext: object): object {
  const containers = [{ name: 'probe', image: 'example.com/none:1', securityContext }];
  return {
    kind: 'Pod',
    metadata: { generateName: 'probe-', namespace },
    spec: { automountServiceAccountToken: false, containers },
  };
}

function endpointAnnotation({ advertiseAddress }: ClusterNode): Record<string, string> {
  return { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': `${advertiseAddress}:6443` };
}
