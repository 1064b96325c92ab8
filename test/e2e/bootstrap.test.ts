import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseDocument, stringify } from 'yaml';
import { runCisChecks } from '../../src/kubernetes/cis/run-checks.ts';
import { AUDIT_LOG } from '../../src/kubernetes/control-plane/audit-policy.ts';
import { listeners, listenersOf } from '../../src/kubernetes/listeners.ts';
import type { NodeRole } from '../../src/kubernetes/node-role.ts';
import { type AnyObject, allObjects } from '../support/cluster/all-objects.ts';
import { leftBehind, stateOfBareHost } from '../support/cluster/bare-host.ts';
import { type BootstrapDisc, makeDisc } from '../support/cluster/bootstrap-disc.ts';
import {
  addBootstrapHost,
  bootstrapConfiguration,
  DISC_FILE,
  metalk8s,
  mountDisc,
} from '../support/cluster/bootstrap-ground.ts';
import { filesOfHost } from '../support/cluster/files-of-host.ts';
import { kubectl } from '../support/cluster/kubectl.ts';
import { listening } from '../support/cluster/listening.ts';
import { liveCisSubject } from '../support/cluster/live-cis-subject.ts';
import { filesWith, type ProcessWatch, secretsOfHost, watchProcesses } from '../support/cluster/secrets-of-host.ts';
import { deployUserService, pageAt } from '../support/cluster/user-service.ts';
import { waitUntil } from '../support/cluster/wait-until.ts';
import type { TestHost } from '../support/hosts/host.ts';
import { createNetwork, type TestNetwork } from '../support/hosts/network.ts';

/** From one ISO, on a host that sees nothing else, to a cluster that works, and that is there again whatever happens to it. */
const report = (line: string) => void process.stderr.write(`${line}\n`);

const NODE = 'cp1';
const ROLES: readonly NodeRole[] = ['bootstrap', 'control-plane', 'etcd', 'infra'];
const PAGE = 'served from the disc alone';
/** Exit codes of curl: the connection failed, nothing answered. */
const NOT_CONNECTED = [7, 28];
/** Exit code of timeout(1) of BusyBox: SIGTERM ended the program. */
const TIMED_OUT = 143;
const CANARY = 'canary-value-of-a-secret-in-the-cluster';
/** What is given to a process and to the journal, so that looking for secrets there is known to find them. */
const PLANTED = 'planted-where-no-secret-belongs';
/** Where the archive of the disc is. */
const ARCHIVE = '/srv/metalk8s/136.0.0';
/** What the cluster itself writes every few seconds. */
const RESTLESS_KINDS = ['Lease', 'Event'];
/** What starting the launcher leaves. */
const RUNTIME = '/var/lib/metalk8s/runtime';
const RUNS = ['/var/lib/metalk8s/runs', '/root/.kube/cache'];

let disc: BootstrapDisc;
let network: TestNetwork;
let host: TestHost;
let untouched: readonly string[];
let bare: readonly string[];
let watch: ProcessWatch;
let address: string;

beforeAll(async () => {
  disc = await makeDisc(report);
  network = await createNetwork({ report });
  host = await addBootstrapHost(network, disc, { name: NODE, mountsImages: true });
  untouched = await stateOfBareHost(host);
  // The owner's: a host waits this long for what does not end when it is told to. kube-apiserver waits a minute for etcd, which has ended.
  await host.write('/etc/systemd/system.conf.d/site.conf', '[Manager]\nDefaultTimeoutStopSec=10s\n');
  await host.run(['systemctl', 'daemon-reexec']);
  // The launcher keeps the program for the next start.
  await metalk8s(host, ['version']);
  bare = await listening(host);
});

afterAll(() => network?.destroy());

describe('refused, with nothing changed', () => {
  async function refused(args: readonly string[], launcher?: string) {
    const before = await filesOfHost(host, [RUNTIME]);
    const { exitCode, stdout, stderr } = launcher
      ? await host.run(['sh', launcher, 'bootstrap', ...args], { check: false })
      : await metalk8s(host, ['bootstrap', ...args]);
    expect(await filesOfHost(host, [RUNTIME])).toEqual(before);
    return { exitCode, stdout, stderr };
  }

  test('a wrong configuration, with its place', async () => {
    const wrong = { ...bootstrapConfiguration(network, NODE, DISC_FILE), networkz: {} };
    await host.write('/root/wrong.yaml', stringify(wrong));
    const { exitCode, stderr } = await refused(['--config', '/root/wrong.yaml']);
    expect(exitCode, stderr).toBe(3);
    expect(stderr).toMatch(/\/root\/wrong\.yaml:\d+:\d+: error: networkz.*networks/);
  });

  test('a disc of which one bit is another, started from that disc', async () => {
    // In the middle of an image: nothing that the launcher looks at.
    await host.run({
      script: `cp ${DISC_FILE} /root/tampered.iso
size=$(stat -c %s /root/tampered.iso)
byte=$(od -An -tu1 -j $((size / 2)) -N 1 /root/tampered.iso)
printf "\\\\$(printf %o $((byte ^ 1)))" | dd of=/root/tampered.iso bs=1 seek=$((size / 2)) conv=notrunc status=none
mkdir /root/tampered
mount -t fuse.fuseiso -o ro,allow_other /root/tampered.iso /root/tampered`,
    });
    await host.write('/root/tampered.yaml', stringify(bootstrapConfiguration(network, NODE, '/root/tampered.iso')));
    const { exitCode, stderr } = await refused(['--config', '/root/tampered.yaml'], '/root/tampered/metalk8s');
    expect(exitCode, stderr).toBe(5);
    expect(stderr).toContain('/root/tampered.iso');
    await host.run({ script: 'umount /root/tampered; rm -r /root/tampered /root/tampered.* /root/wrong.yaml' });
  });
});

describe('a bare host', () => {
  test('becomes a cluster', async () => {
    watch = await watchProcesses(host);
    const { exitCode, stdout, stderr } = await metalk8s(host, ['bootstrap']);
    report(stderr + stdout);
    expect(exitCode, stderr).toBe(0);
  });

  test('with the disc mounted where it lies', async () => {
    const { stdout } = await host.run(['findmnt', '--noheadings', '--output=SOURCE,FSTYPE', ARCHIVE]);
    expect(stdout.trim()).toMatch(/fuse/);
    const unit = await host.run(['systemctl', 'show', '--property=What,ActiveState', 'srv-metalk8s-136.0.0.mount']);
    expect(unit.stdout).toContain('ActiveState=active');
    // Beside what is mounted there is nothing of it on the disk.
    expect((await host.run({ script: 'find /srv -xdev -type f' })).stdout).toBe('');
  });

  test('with all pods ready, the real ones', async () => {
    const { items } = JSON.parse(await kubectl(host, ['get', 'pods', '--all-namespaces', '--output=json']));
    const pods = items.map(podState);
    expect(pods.filter((pod: string) => !pod.endsWith(' ready'))).toEqual([]);
    const names = pods.map((pod: string) => pod.replace(/(?:-[0-9a-f]{6,10})?-[0-9a-z]{5} ready$/, ' ready'));
    expect([...new Set(names)].sort()).toEqual(
      [
        'apiserver-proxy-cp1',
        'calico-kube-controllers',
        'calico-node',
        'coredns',
        'etcd-cp1',
        'kube-apiserver-cp1',
        'kube-controller-manager-cp1',
        'kube-proxy',
        'kube-scheduler-cp1',
        'registry-cp1',
      ].map((name) => `kube-system/${name} ready`),
    );
  });

  test('is healthy in the eyes of metalk8s status, too', async () => {
    // The command that bootstrap left on the host.
    const { exitCode, stdout, stderr } = await host.run(['metalk8s', 'status', '--output', 'json'], { check: false });
    expect(JSON.parse(stdout), stderr).toMatchObject({
      state: 'healthy',
      problems: [],
      nodes: [{ name: NODE, roles: ROLES, fault: null }],
      archives: [{ fault: null }],
      configuration: { state: 'same' },
      runs: [{ command: 'bootstrap', state: 'finished' }],
    });
    expect(exitCode).toBe(0);
  });

  test('serves what a user deploys, from an image that only the disc had', async () => {
    expect(await images()).not.toContain(disc.toolsImage);
    address = await deployUserService(host, { name: 'hello', image: disc.toolsImage, page: PAGE }, report);
    expect(await pageAt(address)).toBe(PAGE);
    expect(await images()).toContain(disc.toolsImage);
  });

  test('gives names to services, for pods', async () => {
    expect(await inPod('nslookup', 'hello.default.svc.cluster.local')).toContain('hello.default.svc.cluster.local');
    expect(await inPod('wget', '-q', '-O', '-', 'http://hello/')).toContain(PAGE);
  });

  test('has no way out of the network', async () => {
    // An address that answers, but for which there is no way: the machine's own, in the network that it has its Internet from.
    const [own] = Object.values(networkInterfaces())
      .flat()
      .filter((each) => each?.family === 'IPv4' && !each.internal && !/^172\.(?:29|30)\./.test(each.address));
    const server = createServer((_, response) => response.end('reached')).listen(0, own?.address);
    await once(server, 'listening');
    const url = `http://${own?.address}:${(server.address() as AddressInfo).port}/`;
    expect(await (await fetch(url)).text()).toBe('reached');
    const { exitCode, stdout } = await host.run(['curl', '--silent', '--max-time', '2', url], { check: false });
    server.close();
    expect(stdout).toBe('');
    expect(NOT_CONNECTED).toContain(exitCode);
    expect((await host.run(['env'])).stdout).not.toMatch(/_proxy=/i);
  });
});

describe('kept as promised', () => {
  test('secrets are encrypted in etcd', async () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'canary' }, stringData: { value: CANARY } };
    await kubectl(host, ['create', '--filename=-'], JSON.stringify(secret));
    const stored = await inEtcd('get', '--print-value-only', '/registry/secrets/default/canary');
    expect(stored.slice(0, 21)).toBe('k8s:enc:secretbox:v1:');
    expect(stored).not.toContain(CANARY);
    expect(await inEtcd('get', '--print-value-only', '/registry/configmaps/default/hello')).toContain(PAGE);
  });

  test('what nobody has to reach in the system is closed to pods of users', async () => {
    const names = [
      '--namespace=kube-system',
      '--selector=k8s-app=kube-dns',
      '--output=jsonpath={.items[0].status.podIP}',
    ];
    const coreDns = await kubectl(host, ['get', 'pods', ...names]);
    // Of one pod: its metrics are for pods, its health for the kubelet of its node alone, which has it ready.
    expect(await inPod('wget', '-q', '-O', '-', `http://${coreDns}:9153/metrics`)).toContain('coredns_build_info');
    const health = ['timeout', '2', 'wget', '-q', '-O', '-', `http://${coreDns}:8080/health`];
    const { exitCode, stdout } = await host.run(['kubectl', 'exec', 'deployment/hello', '--', ...health], {
      check: false,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: TIMED_OUT, stdout: '' });
  });

  test('a pod that wants the node for itself is refused', async () => {
    const words = ['run', 'taker', `--image=${disc.toolsImage}`, '--privileged', '--dry-run=server'];
    const { exitCode, stderr } = await host.run(['kubectl', ...words], { check: false });
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/violates PodSecurity "baseline:latest": privileged/);
  });

  test('the audit log tells who made it, and not what is in it', async () => {
    const { stdout } = await host.run(['grep', '--fixed-strings', '"name":"canary"', AUDIT_LOG]);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events).toContainEqual(
      expect.objectContaining({ verb: 'create', user: expect.objectContaining({ username: 'kubernetes-admin' }) }),
    );
    expect(stdout).not.toContain(CANARY);
    expect(stdout).not.toContain(Buffer.from(CANARY).toString('base64'));
  });

  test('on a node listens what the table says, and nothing else', async () => {
    const [controlPlane, workloadPlane = controlPlane] = host.addresses;
    const node = {
      roles: ROLES,
      controlPlaneAddress: controlPlane,
      workloadPlaneAddress: workloadPlane,
      cni: 'calico',
    } as const;
    const expected = listenersOf(node).map(({ protocol, address: on, port }) => `${protocol} ${on}:${port}`);
    const now = (await listening(host)).filter((line) => !bare.includes(line));
    // The kernel binds the socket of VXLAN to all addresses, whatever the interface's own.
    const vxlan = listeners.calicoVxlan.port;
    const sockets = now.map((line) =>
      line.replace(/ \S+$/, '').replace(`udp 0.0.0.0:${vxlan}`, `udp ${workloadPlane}:${vxlan}`),
    );
    expect(sockets.sort()).toEqual([...new Set(expected)].sort());
    expect(now).toContain(`tcp 127.0.0.1:${listeners.kubeletHealth.port} kubelet`);
  });

  test('every automated check of the CIS benchmark passes', async () => {
    const findings = runCisChecks(await liveCisSubject(host), ROLES);
    expect(findings).toHaveLength(65);
    expect(findings.filter(({ passed }) => !passed)).toEqual([]);
  });

  test('no secret shows: not in arguments, environments, logs, plans, journals, objects, or files that others may read', async () => {
    const secrets = [...(await secretsOfHost(host)), CANARY];
    expect(secrets.length).toBeGreaterThan(20);
    // Looking finds what is there.
    const files = ['/opt/planted', '/run/planted', '/var/lib/metalk8s/planted'];
    await host.run({
      script: `for file in ${files.join(' ')}; do install -m 644 /dev/null $file; echo ${PLANTED} >$file; done
logger ${PLANTED}
chmod 600 /var/lib/metalk8s/planted
journalctl --sync
A_VARIABLE=in-a-variable-${PLANTED} sleep 0.5`,
    });
    const seen = await watch.end();
    expect(seen).toContain('metalk8s.js');
    expect(seen).toContain(`in-a-variable-${PLANTED}`);
    expect(secrets.filter((secret) => seen.includes(secret))).toEqual([]);
    expect(await filesWith(host, [...secrets, PLANTED])).toEqual([
      ...files,
      expect.stringMatching(/^\/var\/log\/journal\//),
      'journal',
    ]);
    await host.run(['rm', ...files]);
    const objects = (await allObjects(host)).filter(({ kind }) => kind !== 'Secret');
    const withAny = (texts: readonly string[]) =>
      objects.filter((each) => has(textOf(each), texts)).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(withAny(secrets)).toEqual([]);
    expect(withAny([PAGE])).toContain('ConfigMap hello');
  });

  test('a support bundle tells of all of it, without a secret', async () => {
    const { exitCode, stderr } = await metalk8s(host, ['support-bundle', '--output', '/root/bundle.tar.gz']);
    expect(exitCode, stderr).toBe(0);
    await host.run({ script: 'mkdir /root/bundle; tar xzf /root/bundle.tar.gz -C /root/bundle --strip-components=1' });
    const { stdout: files } = await host.run({ script: 'cd /root/bundle; find . -type f -size +0' });
    for (const name of ['facts.json', 'journals/kubelet.txt', 'host/containers.txt', 'cluster/kube-system.yaml']) {
      expect(files).toContain(`./${name}\n`);
    }
    expect(files).toMatch(/pods\/kube-system_kube-apiserver-.*\/0\.log/);
    expect(files).toMatch(/runs\/.*\/journal\.ndjson/);
    await host.write('/root/secrets', `${[...(await secretsOfHost(host)), CANARY].join('\n')}\n`);
    const search = await host.run({ script: 'grep -rlFf /root/secrets /root/bundle' }, { check: false });
    expect({ found: search.stdout, exitCode: search.exitCode }).toEqual({ found: '', exitCode: 1 });
    await host.run(['rm', '-r', '/root/bundle', '/root/bundle.tar.gz', '/root/secrets']);
  });
});

describe('kubeadm takes it for its own', () => {
  test('certs check-expiration', async () => {
    const { stdout, stderr } = await host.run(['kubeadm', 'certs', 'check-expiration']);
    expect(stdout).toMatch(/^apiserver-etcd-client +\S.*\b36[34]d +etcd-ca +no/m);
    expect(stdout).toMatch(/^super-admin\.conf +\S.*\b36[34]d +ca +no/m);
    expect(stdout + stderr).not.toMatch(/MISSING|invalid/i);
  });

  test('token create', async () => {
    const { stdout } = await host.run(['kubeadm', 'token', 'create', '--print-join-command']);
    expect(stdout).toMatch(
      new RegExp(
        `^kubeadm join ${host.addresses[0]}:6443 --token \\S{23} --discovery-token-ca-cert-hash sha256:\\S{64}`,
      ),
    );
    const [, token = ''] = /--token (\S+)/.exec(stdout) ?? [];
    await host.run(['kubeadm', 'token', 'delete', token]);
  });

  test('upgrade diff shows no difference', async () => {
    const { stdout, exitCode } = await host.run(['kubeadm', 'upgrade', 'diff', 'v1.36.3'], { check: false });
    expect(stdout.split('\n').filter((line) => /^(?:---|\+\+\+|[-+] )/.test(line))).toEqual([]);
    expect(exitCode).toBe(0);
  });
});

describe('bootstrap again', () => {
  test('changes nothing', async () => {
    const before = await everythingThere();
    const { exitCode, stdout, stderr } = await metalk8s(host, ['bootstrap', '--output', 'json']);
    report(stderr + stdout);
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ changed: 0 });
    expect(leftBehind(before, await everythingThere())).toEqual([]);
  });

  test('nor does a dry run of it, or of reset', async () => {
    // dnf, when it is asked what is installed, writes to its own records; Enterprise Linux brings its bytecode.
    const restless = [...RUNS, '/var/lib/dnf', '/usr/lib/python3'];
    const before = await filesOfHost(host, restless);
    for (const command of ['bootstrap', 'reset']) {
      const { exitCode, stdout, stderr } = await metalk8s(host, [command, '--dry-run', '--output', 'json']);
      expect(exitCode, stderr).toBe(0);
      expect(JSON.parse(stdout).steps.length).toBeGreaterThan(10);
    }
    expect(leftBehind(before, await filesOfHost(host, restless))).toEqual([]);
  });

  test('with a changed configuration shows the difference', async () => {
    const { kubernetes, ...rest } = bootstrapConfiguration(network, NODE, DISC_FILE);
    const changed = { ...rest, kubernetes: { ...kubernetes, coreDNS: { replicas: 1 } } };
    await host.write('/root/changed.yaml', stringify(changed));
    const before = await filesOfHost(host, RUNS);
    const { exitCode, stderr } = await metalk8s(host, ['bootstrap', '--config', '/root/changed.yaml']);
    expect(exitCode, stderr).toBe(10);
    expect(stderr).toMatch(/coreDNS\.replicas.*2.*1/);
    expect(await filesOfHost(host, RUNS)).toEqual(before);
    await host.run(['rm', '/root/changed.yaml']);
  });

  test('does not take back what was changed in the cluster', async () => {
    const object = ['configmap/configuration', '--namespace=metalk8s-system'];
    const own = JSON.parse(await kubectl(host, ['get', ...object, '--output=json']));
    const put = (text: string) => {
      const { resourceVersion, ...metadata } = own.metadata;
      const changed = { ...own, metadata, data: { BootstrapConfiguration: text } };
      return kubectl(host, ['replace', '--filename=-'], JSON.stringify(changed));
    };
    const text: string = own.data.BootstrapConfiguration;
    const configuration = parseDocument(text);
    configuration.setIn(['kubernetes', 'coreDNS', 'replicas'], 3);
    await put(String(configuration));
    const before = await filesOfHost(host, RUNS);
    const { exitCode, stderr } = await metalk8s(host, ['bootstrap']);
    expect(exitCode, stderr).toBe(10);
    expect(stderr).toMatch(/coreDNS\.replicas: 3 → 2/);
    expect(await filesOfHost(host, RUNS)).toEqual(before);
    await put(text);
  });
});

describe('comes back by itself', () => {
  test.each(['nginx: master process', 'etcd', 'kube-apiserver'])('when %s is killed', async (program) => {
    const name = program.startsWith('nginx') ? 'registry' : program;
    const before = await restartsOf(name);
    await host.run(['pkill', '--signal', 'KILL', '--full', `^${program} `]);
    await waitUntil(`${name} was started again`, async () => {
      expect(await restartsOf(name)).toBe(before + 1);
    });
    const registry = `https://${host.addresses[0]}:${listeners.registry.port}/v2/`;
    await waitUntil('images can be had', () =>
      host.run(['curl', '--silent', '--fail', '--cacert', '/etc/kubernetes/pki/ca.crt', registry]),
    );
    await waitUntil('the API takes a change', () =>
      kubectl(host, ['annotate', '--overwrite', 'deployment/hello', `killed=${name}`]),
    );
  });

  test('after a reboot', async () => {
    await host.reboot();
    await works();
  });

  test('after the power was cut', async () => {
    await host.powerOff();
    await host.start();
    await works();
  });

  test('and goes without a trace', async () => {
    // As it was when the state was seen: a start has mounted nothing.
    await mountDisc(host);
    const { exitCode, stderr } = await host.run(['metalk8s', 'reset', '--yes'], { check: false });
    expect(exitCode, stderr).toBe(0);
    const left = leftBehind(untouched, await stateOfBareHost(host));
    // Starts have undone what was mounted by hand over a file of the kernel's, and the owner's own file is there still.
    const owners = /filesystems|\/etc\/systemd\/system\.conf\.d/;
    expect(left.filter((line) => !owners.test(line))).toEqual([]);
  });
});

/** Real work, as the states that the API tells are old for a while: new pods from a newly pulled image serve their page. */
async function works(): Promise<void> {
  const patience = 180_000;
  expect(await pageAt(address, patience)).toBe(PAGE);
  await waitUntil('the API takes a change', () => kubectl(host, ['rollout', 'restart', 'deployment/hello']), patience);
  await kubectl(host, ['rollout', 'status', 'deployment/hello', '--timeout=120s']);
  expect(await pageAt(address)).toBe(PAGE);
  await waitUntil('names are answered', () => inPod('nslookup', 'kubernetes.default.svc.cluster.local'));
}

/** What somebody's work changes, a line each: files, objects, and programs with when they were started. */
async function everythingThere(): Promise<readonly string[]> {
  const files = await filesOfHost(host, RUNS);
  const objects = (await allObjects(host)).filter(({ kind }) => !RESTLESS_KINDS.includes(kind)).map(wanted);
  const { stdout: programs } = await host.run({
    script: `systemctl show --property=Id,ExecMainStartTimestamp containerd kubelet
ctr --namespace k8s.io tasks list`,
  });
  return [...files, ...objects, ...programs.split('\n')];
}

/** An object as people and controllers want it: what is seen of it is another matter. */
function wanted({ kind, metadata, status, ...rest }: AnyObject): string {
  const { resourceVersion, managedFields, ...own } = metadata;
  return `${kind} ${own.namespace ?? ''} ${own.name} ${JSON.stringify({ metadata: own, ...rest })}`;
}

/** All strings in a value, also as what base64 has of them. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return `${value}\n${Buffer.from(value, 'base64')}\n`;
  return typeof value === 'object' && value !== null ? Object.values(value).map(textOf).join('') : '';
}

function has(text: string, pieces: readonly string[]): boolean {
  return pieces.some((piece) => text.includes(piece));
}

async function images(): Promise<readonly string[]> {
  const { stdout } = await host.run(['ctr', '--namespace', 'k8s.io', 'images', 'list', '--quiet']);
  return stdout.split('\n');
}

function inPod(...command: readonly string[]): Promise<string> {
  return kubectl(host, ['exec', 'deployment/hello', '--', ...command]);
}

function inEtcd(...args: readonly string[]): Promise<string> {
  const pki = '/etc/kubernetes/pki/etcd';
  const client = [
    `--cacert=${pki}/ca.crt`,
    `--cert=${pki}/healthcheck-client.crt`,
    `--key=${pki}/healthcheck-client.key`,
  ];
  const etcdctl = ['etcdctl', '--endpoints=https://127.0.0.1:2379', ...client, ...args];
  return kubectl(host, ['exec', '--namespace=kube-system', `etcd-${NODE}`, '--', ...etcdctl]);
}

/** How often containerd was told to make the container of a static pod anew. */
async function restartsOf(name: string): Promise<number> {
  const path = '{.status.containerStatuses[0].restartCount}';
  const words = ['get', 'pod', '--namespace=kube-system', `${name}-${NODE}`, `--output=jsonpath=${path}`];
  return Number(await kubectl(host, words));
}

function podState(pod: {
  metadata: { name: string; namespace: string };
  status: { conditions?: readonly { type: string; status: string }[] };
}): string {
  const isReady = pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  return `${pod.metadata.namespace}/${pod.metadata.name} ${isReady ? 'ready' : 'not ready'}`;
}
