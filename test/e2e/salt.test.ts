import { posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KUBELET_SERVICE_DROP_IN } from '../../src/kubernetes/kubelet/kubelet-files.ts';
import { PKI_DIRECTORY } from '../../src/kubernetes/pki/authorities.ts';
import { pkiSpecifications } from '../../src/kubernetes/pki/pki-specifications.ts';
import { renderYaml } from '../../src/kubernetes/render-yaml.ts';
import { peerUrl } from '../../src/kubernetes/static-pods/etcd.ts';
import {
  installArguments,
  renderRepositoryFile,
  repositoryFilePath,
} from '../../src/packages/render-repository-file.ts';
import { ensurePki } from '../../src/pki/ensure-pki.ts';
import { saltTemplates } from '../../src/product/salt-templates.ts';
import { archiveMountPoint } from '../../src/salt/archive-mounts.ts';
import { saltPaths } from '../../src/salt/paths.ts';
import { SALT_ENVIRONMENT, saltCommand, saltPhases } from '../../src/salt/phases.ts';
import { readStateReturn, type StateOutcome } from '../../src/salt/read-state-return.ts';
import { type SaltRun, saltRun } from '../../src/salt/salt-run.ts';
import type { TestHost } from '../support/hosts/host.ts';
import { createNetwork, type TestNetwork } from '../support/hosts/network.ts';
import { clusterNode, clusterSettings, hostFacts } from '../support/kubernetes/cluster-node.ts';
import { memoryStore } from '../support/pki/memory-store.ts';
import { testRelease } from '../support/release/release.ts';
import { archiveOfRelease } from '../support/salt/archive-of-release.ts';
import { layFiles } from '../support/salt/lay-files.ts';
import { FORMULAS, saltNode } from '../support/salt/salt-node.ts';

/** Real Salt brings a host to the state of a first node, from an archive alone, and finds nothing to do when it looks again. */
const report = (line: string) => void process.stderr.write(`${line}\n`);

const VERSION = '136.0.0';
const INSERTED = '/mnt/archive';
/** Folders of a Salt of the host's owner. */
const FOREIGN = ['/etc/salt', '/var/cache/salt', '/var/log/salt', '/run/salt'];
/** Where a node's state is, or would be. */
const PLACES = ['/etc', '/srv', '/usr', '/opt/cni', '/var/lib/etcd', '/var/lib/kubelet'];
/** What NetworkManager reads; here is a service of its name that counts how often it is told to. */
const NETWORK_MANAGER = '/etc/NetworkManager/conf.d/50-metalk8s.conf';
const RELOADS = '/run/reloads';
const COUNTING_SERVICE = `[Service]
ExecStart=/bin/sleep infinity
ExecReload=/bin/sh -c 'echo >>${RELOADS}'
`;

/** Of the addresses that RFC 5737 has set aside for documentation. */
const DEAD_SERVER = '192.0.2.1';

let network: TestNetwork;
let host: TestHost;
let run: SaltRun;
const secrets = memoryStore();
let foreign: string;
const printed: string[] = [];

beforeAll(async () => {
  const release = await testRelease({}, report);
  const archive = await archiveOfRelease(release, report);
  network = await createNetwork({ report });
  host = await network.addHost({
    name: 'cp1',
    kind: 'el9-double',
    binds: [{ source: archive.directory, target: INSERTED }],
  });
  const repository = (place: string) => ({
    version: VERSION,
    baseUrl: `file://${place}/${archive.packages}`,
    keyUrls: [`file://${place}/${archive.key}`],
  });

  const [address] = host.addresses;
  const [kubernetes = ''] = release.versions.kubernetes;
  const node = clusterNode({
    advertiseAddress: address,
    cluster: clusterSettings({
      kubernetesVersion: kubernetes,
      controlPlaneEndpoint: `${address}:6443`,
      controlPlaneAddresses: [address],
      etcdAddresses: [address],
      allowCgroupV1: true,
    }),
    host: hostFacts({ certificateDirectories: [] }),
    etcd: { initialCluster: [{ name: 'cp1', peerUrl: peerUrl(address) }], state: 'new' },
  });
  const exact = (name: string) => ({ name, version: `${kubernetes}-150500.1.1` });
  const salt = await saltNode(
    {
      archives: [{ version: VERSION, kind: 'folder', path: INSERTED }],
      repositories: [repository(archiveMountPoint(VERSION))],
      packages: [
        ...['kubelet', 'kubeadm', 'kubectl'].map(exact),
        { name: 'containerd.io', version: `${release.versions.containerd}-1.el9` },
        ...['socat', 'conntrack-tools'].map((name) => ({ name })),
      ],
      registry: { endpoints: [`https://${address}:5000`], ca: `${PKI_DIRECTORY}/ca.crt` },
    },
    node,
  );
  run = saltRun(salt, await saltTemplates());

  // Salt itself, with what dnf is told for that.
  await host.write(repositoryFilePath(VERSION), renderRepositoryFile(repository(INSERTED)));
  const minion = { name: 'salt-minion', epoch: '0', version: release.versions.salt, release: '0', arch: 'x86_64' };
  await host.run(['dnf', '--quiet', ...installArguments(VERSION, [minion])]);
  foreign = await listed(FOREIGN);

  await ensurePki(pkiSpecifications(node, node.cluster.secretsEncryption), {
    store: secrets,
    now: new Date(),
    renewWithinDays: 90,
  });
  await host.upload(FORMULAS, saltPaths.tree);
  // A drop-in of the host's owner: where a machine lacks CAP_SYS_RESOURCE, runc cannot lower a container's OOM score.
  const dropIn = `version = 3\n[plugins.'io.containerd.cri.v1.runtime']\nrestrict_oom_score_adj = true\n`;
  await layFiles(host, [
    ...run.files,
    ...secrets.files.values(),
    { path: '/etc/containerd/conf.d/machine.toml', content: dropIn, mode: 0o644 },
  ]);
  await host.write('/etc/systemd/system/NetworkManager.service', COUNTING_SERVICE);
  await host.run(['systemctl', 'start', 'NetworkManager.service']);
  await startMaster();
});

afterAll(() => network?.destroy());

/** A master on the same host, with the same files. It takes half a minute until it answers its first minion. */
async function startMaster(): Promise<void> {
  const settings = {
    root_dir: '/root/master',
    interface: '127.0.0.1',
    auto_accept: true,
    file_roots: { base: [saltPaths.tree, saltPaths.files] },
    pillar_roots: { base: [saltPaths.pillar] },
  };
  await host.write('/root/master/master', renderYaml(settings));
  const master = `${posix.dirname(saltCommand('prepare')[0])}/bin/salt-master`;
  await host.run([master, '--config-dir=/root/master', '--daemon']);
}

/** Runs Salt; `command` is one of its masterless ones. Whether states failed is in what it returns. */
async function salt(command: readonly [string, ...string[]]): Promise<readonly StateOutcome[]> {
  const environment = Object.entries(SALT_ENVIRONMENT).map(([name, value]) => `${name}=${value}`);
  const { stdout, stderr } = await host.run(['env', ...environment, ...command], { check: false });
  printed.push(stdout, stderr);
  return readStateReturn(stdout);
}

/** All phases at once, as the top file has them. */
function everything(options: { test?: boolean } = {}): readonly [string, ...string[]] {
  const [program, ...rest] = saltCommand('prepare', options);
  return [program, ...rest.filter((argument) => !argument.startsWith('metalk8s.'))];
}

async function listed(folders: readonly string[]): Promise<string> {
  const { stdout } = await host.run(
    ['find', ...folders, '-printf', '%p %s %m %U %T@\n'],
    // Some are not there, which is worth knowing too.
    { check: false },
  );
  return stdout;
}

function named(outcomes: readonly StateOutcome[], result: StateOutcome['result']): readonly string[] {
  return outcomes.filter((outcome) => outcome.result === result).map(({ id }) => id);
}

describe('a host that has nothing but Salt', () => {
  test('is told what a run would change, which changes nothing', async () => {
    const before = await listed(PLACES);
    const outcomes = await salt(saltCommand('prepare', { test: true }));
    expect(named(outcomes, 'failed')).toEqual([]);
    expect(named(outcomes, 'would change')).toEqual(
      expect.arrayContaining(['packages in one version', '/etc/containerd/config.toml', 'containerd.service']),
    );
    expect(await listed(PLACES)).toBe(before);
  });

  test('comes to the state of a node, phase after phase', async () => {
    for (const phase of saltPhases) {
      const outcomes = await salt(saltCommand(phase));
      const failed = outcomes.filter(({ result }) => result === 'failed');
      expect(failed, phase).toEqual([]);
      expect(named(outcomes, 'changed').length, phase).toBeGreaterThan(0);
    }
  });

  test('containerd and the kubelet run, with our files and those of the owner', async () => {
    const { stdout } = await host.run(['systemctl', 'is-active', 'containerd', 'kubelet'], { check: false });
    expect(stdout).toBe('active\nactive\n');
    const { stdout: dump } = await host.run(['containerd', 'config', 'dump']);
    expect(dump).toContain('restrict_oom_score_adj = true');
    expect(dump).toContain('registry.k8s.io/pause:');
    expect(dump).toMatch(/SystemdCgroup = true/);
    const { stdout: health } = await host.run({
      script: 'timeout 60 sh -c "until curl --silent --fail http://127.0.0.1:10248/healthz; do sleep 0.2; done"',
    });
    expect(health).toBe('ok');
  });

  test('NetworkManager has read what it leaves alone, once', async () => {
    expect(String(await host.read(NETWORK_MANAGER))).toContain('interface-name:cali*');
    expect(String(await host.read(RELOADS))).toBe('\n');
  });

  test('the archive is mounted read-only, and after each start', async () => {
    const { stdout } = await host.run(['findmnt', '--noheadings', '--output=OPTIONS', archiveMountPoint(VERSION)]);
    expect(stdout.trim().split(',')).toEqual(expect.arrayContaining(['ro', 'nodev', 'nosuid', 'noexec']));
    const { stdout: enabled } = await host.run(['systemctl', 'is-enabled', `srv-metalk8s-${VERSION}.mount`]);
    expect(enabled).toBe('enabled\n');
  });

  test('packages are held against updates of the owner', async () => {
    const { stdout } = await host.run(['dnf', '--quiet', 'versionlock', 'list']);
    for (const name of ['kubelet', 'kubeadm', 'kubectl', 'containerd.io']) expect(stdout).toContain(`${name}-0:`);
    expect(stdout).not.toContain('socat');
  });

  test('no other file is in the folder of manifests, and each is for root alone', async () => {
    const { stdout } = await host.run(['find', '/etc/kubernetes/manifests', '-type', 'f', '-printf', '%f %m %u\n']);
    const pods = ['apiserver-proxy', 'etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'registry'];
    expect(stdout.trim().split('\n').sort()).toEqual(pods.map((name) => `${name}.yaml 600 root`));
  });
});

test('applied again, nothing changes', async () => {
  const outcomes = await salt(everything());
  expect(outcomes.filter(({ result }) => result !== 'unchanged')).toEqual([]);
  expect(outcomes.length).toBeGreaterThan(100);
});

test('a name server that never answers is not asked for anything', async () => {
  // What is sent to it is counted, and lost: no machine has the address of its link.
  await host.run({
    script: `cp /etc/resolv.conf /root/resolv.conf
link=$(ip -oneline route show default | sed 's/.* dev \\([^ ]*\\).*/\\1/')
ip route add ${DEAD_SERVER} dev "$link"
ip neighbour add ${DEAD_SERVER} lladdr 02:00:00:00:00:01 dev "$link" nud permanent
iptables --table raw --insert OUTPUT --destination ${DEAD_SERVER}
echo 'search site.example' >/etc/resolv.conf
echo 'nameserver ${DEAD_SERVER}' >>/etc/resolv.conf`,
  });
  const asked = async () => {
    const { stdout } = await host.run(['iptables', '--table', 'raw', '--list-rules', 'OUTPUT', '--verbose']);
    return Number(new RegExp(`-d ${DEAD_SERVER}/32 -c (\\d+) `).exec(stdout)?.[1]);
  };
  expect(named(await salt(saltCommand('manifests')), 'failed')).toEqual([]);
  expect(await asked()).toBe(0);
  await host.run(['getent', 'ahostsv4', 'nobody.example'], { check: false });
  expect(await asked()).toBeGreaterThan(0);
  await host.run({
    script: `cp /root/resolv.conf /etc/resolv.conf
iptables --table raw --delete OUTPUT --destination ${DEAD_SERVER}
ip route delete ${DEAD_SERVER}`,
  });
});

describe('what has drifted', () => {
  const drifted = [
    NETWORK_MANAGER,
    '/etc/containerd/certs.d/docker.io/hosts.toml',
    '/etc/dnf/plugins/versionlock.list',
    '/etc/kubernetes/manifests/etcd.yaml',
    '/etc/kubernetes/pki/sa.key',
    '/var/lib/etcd',
    'NetworkManager.service',
    'kubelet.service',
    'net.ipv4.ip_forward',
    'swap.target',
    'user etcd',
  ];

  test('is named by a run that only looks, and nothing else is', async () => {
    await host.run({
      script: `echo >>${NETWORK_MANAGER}
echo >>/etc/containerd/certs.d/docker.io/hosts.toml
echo >>/etc/kubernetes/manifests/etcd.yaml
chmod 0644 /etc/kubernetes/pki/sa.key
chmod 0755 /var/lib/etcd
mv /etc/dnf/plugins/versionlock.list /etc/dnf/site.list
sed --in-place 's|^locklist.*|locklist = /etc/dnf/site.list|' /etc/dnf/plugins/versionlock.conf
dnf --quiet versionlock delete kubelet
systemctl stop kubelet
sysctl --quiet --write net.ipv4.ip_forward=0
systemctl --quiet unmask swap.target
usermod --shell /bin/sh etcd`,
    });
    const outcomes = await salt(everything({ test: true }));
    expect(named(outcomes, 'failed')).toEqual([]);
    expect([...named(outcomes, 'would change')].sort()).toEqual([...drifted].sort());
    const { stdout } = await host.run(['sysctl', '--values', 'net.ipv4.ip_forward']);
    expect(stdout).toBe('0\n');
  });

  test('is mended by a run, and nothing else is changed', async () => {
    const outcomes = await salt(everything());
    expect(named(outcomes, 'failed')).toEqual([]);
    expect([...named(outcomes, 'changed')].sort()).toEqual([...drifted].sort());
    expect(String(await host.read('/etc/kubernetes/manifests/etcd.yaml'))).toMatch(/status: \{\}\n$/);
    // The owner has moved the list meanwhile.
    const { stdout } = await host.run(['dnf', '--quiet', 'versionlock', 'list']);
    expect(stdout).toContain('kubelet-0:');
  });

  test('what is missing and not Salt’s to make stops the run there', async () => {
    await host.run(['mv', '/etc/kubernetes/admin.conf', '/root/']);
    const outcomes = await salt(saltCommand('kubelet'));
    expect(named(outcomes, 'failed')).toContain('check /etc/kubernetes/admin.conf');
    expect(named(outcomes, 'changed')).toEqual([]);
    await host.run(['mv', '/root/admin.conf', '/etc/kubernetes/']);
  });
});

test('what services did not get to read, as a run was killed before, they read in the next, and once', async () => {
  const units = ['containerd.service', 'kubelet.service'];
  const processes = async () => {
    const { stdout } = await host.run(['systemctl', 'show', '--property=MainPID', '--value', ...units]);
    return stdout.split('\n').filter((line) => line !== '');
  };
  const before = await processes();
  await host.run(['touch', NETWORK_MANAGER, '/etc/containerd/config.toml', KUBELET_SERVICE_DROP_IN]);
  const outcomes = await salt(everything());
  expect(named(outcomes, 'failed')).toEqual([]);
  expect(named(outcomes, 'changed')).toEqual(['NetworkManager.service', ...units]);
  expect(String(await host.read(RELOADS))).toBe('\n\n\n');
  const after = await processes();
  expect(after).toHaveLength(2);
  for (const process of after) expect(before).not.toContain(process);
  expect(named(await salt(everything()), 'changed')).toEqual([]);
});

test('a file that is not what the pillar says is not placed', async () => {
  const { stdout } = await host.run(['sha256sum', '/etc/containerd/config.toml']);
  const source = `${saltPaths.files}/metalk8s-files/${stdout.slice(0, 64)}`;
  await host.run({ script: `cp -p ${source} /root/source && echo >>${source} && echo >>/etc/containerd/config.toml` });
  const outcomes = await salt(saltCommand('prepare'));
  expect(named(outcomes, 'failed')).toContain('/etc/containerd/config.toml');
  expect(named(outcomes, 'changed')).toEqual([]);
  await host.run({ script: `cp -p /root/source ${source}` });
  expect(named(await salt(saltCommand('prepare')), 'changed')).toEqual([
    '/etc/containerd/config.toml',
    'containerd.service',
  ]);
  expect(printed.join('')).not.toContain('source_hash is only used');
});

test('a master gives the same states from the same files, and there is nothing to do', async () => {
  const minion = { id: 'cp1', master: '127.0.0.1', acceptance_wait_time: 1, enable_fqdns_grains: false };
  await host.write('/root/minion/minion', renderYaml({ root_dir: '/root/minion', ...minion }));
  const [program] = saltCommand('prepare');
  const { stdout } = await host.run([program, '--config-dir=/root/minion', '--out=json', 'state.apply']);
  const outcomes = readStateReturn(stdout);
  expect(outcomes.filter(({ result }) => result !== 'unchanged')).toEqual([]);
  expect(outcomes.length).toBeGreaterThan(100);
});

test('no secret is anywhere in what Salt was told, kept or said', async () => {
  const bodies = [...secrets.files.values()]
    .filter(({ content, mode }) => mode === 0o600 && !content.startsWith('-----BEGIN CERTIFICATE'))
    .map(
      ({ content }) =>
        content
          .split('\n')
          .filter((line) => line.length > 40)
          .at(-1)
          ?.trim() ?? '',
    );
  expect(bodies.length).toBeGreaterThan(15);
  const places = ['/var/lib/metalk8s', '/var/log/metalk8s', saltPaths.configuration];
  const { stdout } = await host.run(
    ['grep', '--recursive', '--fixed-strings', '--files-with-matches', '--file=-', ...places],
    {
      input: bodies.join('\n'),
      check: false,
    },
  );
  expect(stdout).toBe('');
  for (const body of bodies) expect(printed.join('\n')).not.toContain(body);
});

test('folders of another Salt are as they were', async () => {
  expect(await listed(FOREIGN)).toBe(foreign);
});
