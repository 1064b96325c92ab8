import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { BootstrapConfiguration } from '../../src/config/configuration.types.ts';
import { listeners, listenersOf } from '../../src/kubernetes/listeners.ts';
import type { NodeRole } from '../../src/kubernetes/node-role.ts';
import { leftBehind, stateOfBareHost } from '../support/cluster/bare-host.ts';
import { type BootstrapDisc, makeDisc } from '../support/cluster/bootstrap-disc.ts';
import {
  addBootstrapHost,
  bootstrapConfiguration,
  CONFIGURATION,
  DISC_FILE,
  DISC_MOUNT,
  metalk8s,
} from '../support/cluster/bootstrap-ground.ts';
import { type IdentityProvider, startIdentityProvider } from '../support/cluster/identity-provider.ts';
import { kubectl } from '../support/cluster/kubectl.ts';
import { listening } from '../support/cluster/listening.ts';
import { type NameServer, startNameServer } from '../support/cluster/name-server.ts';
import { type RecordingProxy, startRecordingProxy } from '../support/cluster/recording-proxy.ts';
import { deployUserService, pageAt } from '../support/cluster/user-service.ts';
import { waitUntil } from '../support/cluster/wait-until.ts';
import type { TestHost } from '../support/hosts/host.ts';
import { createNetwork, type TestNetwork } from '../support/hosts/network.ts';
import { smallRpm } from '../support/packages/small-rpm.ts';

/** What fields of the configuration say, seen on clusters: as many at once as go together, all but what bootstrap.test.ts has. */
const report = (line: string) => void process.stderr.write(`${line}\n`);

const NODE = 'cp1';
const ROLES: readonly NodeRole[] = ['bootstrap', 'control-plane', 'etcd', 'infra'];
const PAGE = 'served on the control plane';
const OUTSIDE = { name: 'printer.site.example', address: '192.0.2.77' };
const PROVIDER_AUTHORITY = '/etc/metalk8s/provider.crt';
const ENDPOINT_PORT = 8443;
const HOST_PORT = 8088;
/** Earlier than that of the disc. */
const OWNERS_SOCAT = '1.0';
/** Networks that the host has no address in. */
const ELSEWHERE = '10.77.0.0/24';
const FAR = 'registry.far.example';
const NEAR = 'registry.near.example';

let disc: BootstrapDisc;
let network: TestNetwork;
let host: TestHost;
let provider: IdentityProvider;
let proxy: RecordingProxy;
let names: NameServer;
let untouched: readonly string[];
let bare: readonly string[];
let controlPlane: string;
let workloadPlane: string;
/** A virtual address, which the host has at the moment. */
let virtual: string;

beforeAll(async () => {
  disc = await makeDisc(report);
  network = await createNetwork({ planes: 2, report });
  const [onControlPlane = '', onWorkloadPlane = ''] = network.subnets.map((subnet) => subnet.replace(/\d+\/24$/, '1'));
  virtual = onControlPlane.replace(/\d+$/, '100');
  provider = await startIdentityProvider(onControlPlane);
  proxy = await startRecordingProxy(onWorkloadPlane);
  names = await startNameServer(onWorkloadPlane, OUTSIDE.name, OUTSIDE.address);
  host = await addBootstrapHost(network, disc, { name: NODE, archive: DISC_MOUNT, configure: everythingElse });
  [controlPlane = '', workloadPlane = ''] = host.addresses;
  await host.write(PROVIDER_AUTHORITY, provider.authority);
  await host.write('/etc/resolv.conf', `nameserver ${onWorkloadPlane}\n`);
  // Its owner has given proxies to all services, for the Internet.
  const variables = `HTTP_PROXY=${proxy.url} HTTPS_PROXY=${proxy.url} https_proxy=${proxy.url} NO_PROXY=${NEAR}`;
  await host.write('/etc/systemd/system.conf.d/site.conf', `[Manager]\nDefaultEnvironment=${variables}\n`);
  await host.run(['systemctl', 'daemon-reexec']);
  // The load balancer of the site, on a virtual address that the kernel lists before the host's own.
  await host.run(['ip', 'address', 'add', `${virtual}/32`, 'dev', 'lo']);
  const balancer = [`TCP-LISTEN:${ENDPOINT_PORT},bind=${virtual},fork,reuseaddr`, `TCP:${controlPlane}:6443`];
  await host.run(['systemd-run', '--quiet', '--unit=balancer', '--property=Restart=always', 'socat', ...balancer]);
  // And a package that the disc has in a later version, which any version does for.
  await host.write('/root/socat.rpm', await readFile(await smallRpm({ name: 'socat', version: OWNERS_SOCAT }, report)));
  await host.run(['rpm', '--install', '/root/socat.rpm']);
  untouched = await stateOfBareHost(host);
  bare = await listening(host);
});

afterAll(async () => {
  for (const server of [provider, proxy, names]) server?.close();
  await network?.destroy();
});

/** Other than what `bootstrapConfiguration` and defaults say, wherever a field has a choice. */
function everythingElse(configuration: BootstrapConfiguration): BootstrapConfiguration {
  const [onControlPlane = '', onWorkloadPlane = ''] = network.subnets;
  return {
    ...configuration,
    networks: {
      controlPlane: { cidr: [ELSEWHERE, onControlPlane], endpoint: `${virtual}:${ENDPOINT_PORT}` },
      workloadPlane: { cidr: [ELSEWHERE, onWorkloadPlane], mtu: 1400 },
      pods: '10.40.0.0/20',
      services: '10.50.0.0/24',
      portmap: { cidr: [ELSEWHERE, onControlPlane] },
      nodeport: { cidr: [ELSEWHERE, onControlPlane] },
    },
    proxies: { http: proxy.url, https: proxy.url, no_proxy: [NEAR] },
    debug: true,
    kubernetes: {
      secretsEncryption: 'aescbc',
      apiServer: {
        featureGates: { StorageVersionMigrator: true },
        oidc: {
          issuerURL: provider.issuer,
          clientID: 'kubernetes',
          CAFile: PROVIDER_AUTHORITY,
          usernameClaim: 'email',
          groupsClaim: 'groups',
        },
      },
      controllerManager: { config: { terminatedPodGCThreshold: 2 } },
      coreDNS: {
        replicas: 3,
        affinity: { podAntiAffinity: { soft: [], hard: [{ topologyKey: 'kubernetes.io/hostname' }] } },
      },
      kubeProxy: { config: { conntrack: { maxPerCore: 0 } } },
      kubelet: { allowCgroupV1: true, config: { maxPods: 40 } },
      certificates: { keyAlgorithm: 'ECDSA-P384' },
    },
  };
}

describe('with every field another than by default', () => {
  test('a bare host becomes a cluster, also where shell and services have a proxy', async () => {
    const variables = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].map((name) => `${name}=${proxy.url}`);
    const command = ['env', ...variables, 'sh', `${DISC_MOUNT}/metalk8s`, 'bootstrap'] as const;
    const { exitCode, stdout, stderr } = await host.run(command, { check: false });
    report(stderr + stdout);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain(`https://${virtual}:${ENDPOINT_PORT}`);
    await expectHealthy();
  });

  test('the package that its owner had in an earlier version is as it was', async () => {
    const { stdout } = await host.run(['rpm', '--query', '--queryformat=%{VERSION}', 'socat']);
    expect(stdout).toBe(OWNERS_SOCAT);
  });

  test('each component listens on its plane, and nothing on the virtual address', async () => {
    const node = {
      roles: ROLES,
      controlPlaneAddress: controlPlane,
      workloadPlaneAddress: workloadPlane,
      cni: 'calico',
    } as const;
    const now = (await listening(host)).filter((line) => !bare.includes(line));
    // The kernel binds the socket of VXLAN to all addresses, whatever the interface's own.
    const vxlan = listeners.calicoVxlan.port;
    const sockets = now.map((line) =>
      line.replace(/ \S+$/, '').replace(`udp 0.0.0.0:${vxlan}`, `udp ${workloadPlane}:${vxlan}`),
    );
    const expected = listenersOf(node).map(({ protocol, address, port }) => `${protocol} ${address}:${port}`);
    expect([...new Set(sockets)].sort()).toEqual([...new Set(expected)].sort());
  });

  test('node ports and host ports open on the networks that are named for them', async () => {
    await kubectl(
      host,
      ['apply', '--filename=-'],
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: openPods() }),
    );
    const nodePort = await deployUserService(host, { name: 'hello', image: disc.toolsImage, page: PAGE }, report);
    const hostPort = `http://${controlPlane}:${HOST_PORT}/`;
    expect(await pageAt(nodePort)).toBe(PAGE);
    expect(await pageAt(hostPort)).toBe('open');
    for (const open of [nodePort, hostPort]) {
      const closed = open.replace(controlPlane, workloadPlane);
      await expect(fetch(closed, { signal: AbortSignal.timeout(5000) }), closed).rejects.toThrow('fetch failed');
    }
  });

  test('pods and Services have the addresses, the MTU and the names', async () => {
    expect(await inPod('cat', '/sys/class/net/eth0/mtu')).toBe('1350');
    expect(await inPod('ip', 'address')).toMatch(/inet 10\.40\.\d+\.\d+\/32/);
    expect(await inPod('cat', '/etc/resolv.conf')).toContain('nameserver 10.50.0.10');
    expect(await inPod('nslookup', 'hello.default.svc.cluster.local')).toMatch(/Address: 10\.50\.0\.\d+$/m);
    expect(await inPod('nslookup', OUTSIDE.name)).toContain(`Address: ${OUTSIDE.address}`);
    expect(names.asked).toContain(OUTSIDE.name);
    const annotation = '{.items[0].metadata.annotations.projectcalico\\.org/IPv4Address}';
    expect(await kubectl(host, ['get', 'nodes', `--output=jsonpath=${annotation}`])).toBe(`${workloadPlane}/24`);
  });

  test('the proxy is asked for images of registries that no archive has any of, and for nothing else', async () => {
    const asked = (name: string) => names.asked.includes(name) || proxy.requests.some((line) => line.includes(name));
    await waitUntil('both registries were looked for', async () => {
      for (const name of [FAR, NEAR]) if (!asked(name)) throw new Error(`${name} was not asked for`);
    });
    expect([...new Set(proxy.requests)]).toEqual([`CONNECT ${FAR}:443 HTTP/1.1`]);
    expect(names.asked).toContain(NEAR);
    expect(names.asked).not.toContain(FAR);
  });

  test('the API server knows users of the provider, and has the feature gate', async () => {
    const token = provider.token('kubernetes', { sub: '1', email: 'ada@site.example', groups: ['operators'] });
    const kubeconfig = { kind: 'Config', users: [{ name: 'ada', user: { token } }] };
    await host.write('/root/ada.yaml', JSON.stringify(kubeconfig));
    const server = [
      `--server=https://${virtual}:${ENDPOINT_PORT}`,
      '--certificate-authority=/etc/kubernetes/pki/ca.crt',
    ];
    const asAda = ['--kubeconfig=/root/ada.yaml', '--user=ada', ...server];
    const { status } = JSON.parse(await kubectl(host, [...asAda, 'auth', 'whoami', '--output=json']));
    await host.run(['rm', '/root/ada.yaml']);
    expect(status.userInfo).toMatchObject({
      username: 'oidc:ada@site.example',
      groups: ['oidc:operators', 'system:authenticated'],
    });
    const metrics = await kubectl(host, ['get', '--raw=/metrics']);
    expect(metrics).toMatch(/^kubernetes_feature_enabled\{name="StorageVersionMigrator",.*\} 1$/m);
  });

  test('Secrets are stored by the algorithm that is named', async () => {
    await kubectl(host, ['create', 'secret', 'generic', 'known', '--from-literal=value=known']);
    const pki = '/etc/kubernetes/pki/etcd';
    const client = [`--cacert=${pki}/ca.crt`, `--cert=${pki}/peer.crt`, `--key=${pki}/peer.key`];
    const get = ['etcdctl', '--endpoints=https://127.0.0.1:2379', ...client, 'get', '--print-value-only'];
    const words = ['exec', '--namespace=kube-system', `etcd-${NODE}`, '--', ...get, '/registry/secrets/default/known'];
    expect((await kubectl(host, words)).slice(0, 18)).toBe('k8s:enc:aescbc:v1:');
  });

  test('every key is of the algorithm', async () => {
    const script = `for file in $(find /etc/kubernetes/pki /etc/metalk8s/pki /var/lib/kubelet/pki -name '*.key' -o -name '*-current.pem'); do
  echo "$file $(openssl pkey -in "$file" -noout -text | grep -a 'ASN1 OID')"
done`;
    const lines = (await host.run({ script })).stdout.trim().split('\n');
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => !line.endsWith(' ASN1 OID: secp384r1'))).toEqual([]);
  });

  test('kubelet, kube-proxy, DNS servers and the log are as they are to be', async () => {
    expect(await kubectl(host, ['get', 'nodes', '--output=jsonpath={.items[0].status.capacity.pods}'])).toBe('40');
    const { stdout } = await host.run([
      'curl',
      '--silent',
      `http://127.0.0.1:${listeners.kubeProxyMetrics.port}/configz`,
    ]);
    expect(JSON.parse(stdout)['kubeproxy.config.k8s.io']).toMatchObject({
      conntrack: { maxPerCore: 0 },
      logging: { verbosity: 4 },
    });
    expect((await host.run({ script: "tr '\\0' ' ' </proc/$(pgrep -x kube-apiserver)/cmdline" })).stdout).toContain(
      ' --v=4 ',
    );
    const phases = '--output=jsonpath={.items[*].status.phase}';
    const servers = await kubectl(host, [
      'get',
      'pods',
      '--namespace=kube-system',
      '--selector=k8s-app=kube-dns',
      phases,
    ]);
    expect(servers.split(' ').sort()).toEqual(['Pending', 'Pending', 'Running']);
  });

  test('pods that have ended are deleted but for as many as are to be kept', async () => {
    const ended = ['get', 'pods', '--namespace=open', '--selector=app=ended', '--output=name'];
    await waitUntil('two are left', async () => {
      const { length } = (await kubectl(host, ended)).split('\n');
      if (length !== 2) throw new Error(`there are ${length}`);
    });
  });

  test('reset leaves nothing', async () => {
    const { exitCode, stderr } = await metalk8s(host, ['reset', '--yes']);
    expect(exitCode, stderr).toBe(0);
    expect(leftBehind(untouched, await stateOfBareHost(host))).toEqual([]);
  });
});

describe('of a file of the original’s format, without a network plugin', () => {
  test('a bare host becomes a cluster that waits for a plugin', async () => {
    const { networks, ...rest } = bootstrapConfiguration(network, NODE, DISC_FILE);
    const old = {
      ...rest,
      apiVersion: 'metalk8s.scality.com/v1alpha2',
      // Narrowed: the virtual address is still there.
      networks: { controlPlane: `${controlPlane}/32`, workloadPlane: networks.workloadPlane.cidr, cni: 'none' },
      apiServer: { host: controlPlane, keepalived: { enabled: false } },
      kubernetes: { ...rest.kubernetes, coreDNS: { hostForward: false } },
    };
    await host.write(CONFIGURATION, stringify(old));
    await host.write('/etc/resolv.conf', '');
    const migrated = await metalk8s(host, ['config', 'migrate', '--write']);
    expect(migrated.exitCode, migrated.stderr).toBe(0);
    expect(String(await host.read(CONFIGURATION))).toContain(`    endpoint: ${controlPlane}\n`);

    const { exitCode, stdout, stderr } = await metalk8s(host, ['bootstrap']);
    report(stderr + stdout);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('no network plugin');
    const workloads = await kubectl(host, [
      'get',
      'daemonsets,deployments',
      '--namespace=kube-system',
      '--output=name',
    ]);
    expect(workloads.split('\n')).toEqual([
      'daemonset.apps/apiserver-proxy',
      'daemonset.apps/kube-proxy',
      'deployment.apps/coredns',
    ]);
    const { exitCode: status, stdout: told } = await metalk8s(host, ['status']);
    expect(told).toContain('cni plugin not initialized');
    expect(status).toBe(10);
  });

  test('without proxies in it nothing goes to those that systemd gives to all services', () => {
    const asked = proxy.requests.filter((line) => !line.includes(FAR));
    expect(asked).toEqual([]);
  });
});

async function expectHealthy(): Promise<void> {
  const { exitCode, stdout, stderr } = await metalk8s(host, ['status', '--output', 'json']);
  expect(JSON.parse(stdout), stderr).toMatchObject({ state: 'healthy', problems: [] });
  expect(exitCode).toBe(0);
}

/** In a namespace that asks nothing of them: one that serves a page on a host port, some that end at once, and two whose images are not on the disc. */
function openPods() {
  const pod = (name: string, app: string, container: object) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'open', labels: { app } },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      tolerations: [{ operator: 'Exists' }],
      containers: [{ name: 'tool', image: disc.toolsImage, ...container }],
    },
  });
  const serve = 'mkdir /tmp/www; echo open >/tmp/www/index.html; exec httpd -f -p 8080 -h /tmp/www';
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'open', labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
    },
    pod('page', 'page', { command: ['sh', '-c', serve], ports: [{ containerPort: 8080, hostPort: HOST_PORT }] }),
    ...[1, 2, 3, 4, 5].map((index) => pod(`ended-${index}`, 'ended', { command: ['true'] })),
    ...[FAR, NEAR].map((registry, index) => pod(`lacking-${index}`, 'lacking', { image: `${registry}/some/image:1` })),
  ];
}

function inPod(...command: readonly string[]): Promise<string> {
  return kubectl(host, ['exec', 'deployment/hello', '--', ...command]);
}
