import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { CisFile, CisProgram, CisSubject } from '../../../src/kubernetes/cis/check.ts';
import { cisChecks, cisDeviations } from '../../../src/kubernetes/cis/checks.ts';
import { cisPaths, runCisChecks } from '../../../src/kubernetes/cis/run-checks.ts';
import { goldenConfiguration } from '../../support/kubeadm/golden-configuration.ts';
import { renderedSubject } from '../../support/kubernetes/cis-subject.ts';
import { clusterNode, clusterSettings, everySetting, workerNode } from '../../support/kubernetes/cluster-node.ts';

/** The automated items of the benchmark's version 1.12: 47 of the control plane, 6 of etcd, 12 of nodes. */
const AUTOMATED = [
  '1.1.1 1.1.2 1.1.3 1.1.4 1.1.5 1.1.6 1.1.7 1.1.8 1.1.11 1.1.12 1.1.13 1.1.14 1.1.15 1.1.16 1.1.17 1.1.18 1.1.19',
  '1.2.2 1.2.4 1.2.5 1.2.6 1.2.7 1.2.8 1.2.10 1.2.12 1.2.13 1.2.14 1.2.15 1.2.16 1.2.17 1.2.18 1.2.19 1.2.21 1.2.22',
  '1.2.23 1.2.24 1.2.25 1.2.26 1.2.30 1.3.2 1.3.3 1.3.4 1.3.5 1.3.6 1.3.7 1.4.1 1.4.2',
  '2.1 2.2 2.3 2.4 2.5 2.6',
  '4.1.1 4.1.2 4.1.5 4.1.6 4.1.9 4.1.10 4.2.1 4.2.2 4.2.3 4.2.6 4.2.10 4.3.1',
].flatMap((line) => line.split(' '));

const single = await goldenConfiguration('1.36', 'single');
const configMaps = single.host('cp1').sent.filter(({ kind }) => kind === 'ConfigMap');
const proxyConfigMap = configMaps.find(({ metadata }) => metadata.name === 'kube-proxy') as unknown as {
  data: Record<string, string>;
};
/** kubeadm's own, of which the benchmark asks nothing more. */
const kubeProxy: Record<string, unknown> = parse(proxyConfigMap.data['config.conf'] ?? '');

const controlPlane = clusterNode();
const good = renderedSubject(controlPlane);

type Change = (subject: CisSubject) => CisSubject;

/** For each item one thing that makes it, and what it is bound to, fail: nothing else may. */
const NEGATIVE: Readonly<Record<string, readonly [what: string, change: Change, alsoFails?: readonly string[]]>> = {
  '1.1.1': ['readable by a group', mode('/etc/kubernetes/manifests/kube-apiserver.yaml', 0o640)],
  '1.1.2': ['of another user', owner('/etc/kubernetes/manifests/kube-apiserver.yaml', 'kube:root')],
  '1.1.3': ['readable by all', mode('/etc/kubernetes/manifests/kube-controller-manager.yaml', 0o604)],
  '1.1.4': ['of another group', owner('/etc/kubernetes/manifests/kube-controller-manager.yaml', 'root:kube')],
  '1.1.5': ['can be run', mode('/etc/kubernetes/manifests/kube-scheduler.yaml', 0o700)],
  '1.1.6': ['not there', without('/etc/kubernetes/manifests/kube-scheduler.yaml'), ['1.1.5']],
  '1.1.7': ['set-uid', mode('/etc/kubernetes/manifests/etcd.yaml', 0o4600)],
  '1.1.8': ['of another user', owner('/etc/kubernetes/manifests/etcd.yaml', 'etcd:etcd')],
  '1.1.11': ['open to all', mode('/var/lib/etcd', 0o755)],
  '1.1.12': ["of root's", owner('/var/lib/etcd', 'root:root')],
  '1.1.13': ['super-admin.conf readable by all', mode('/etc/kubernetes/super-admin.conf', 0o644)],
  '1.1.14': ['admin.conf of another user', owner('/etc/kubernetes/admin.conf', 'admin:root')],
  '1.1.15': ['readable by all', mode('/etc/kubernetes/scheduler.conf', 0o644)],
  '1.1.16': ['of another user', owner('/etc/kubernetes/scheduler.conf', 'kube:kube')],
  '1.1.17': ['readable by a group', mode('/etc/kubernetes/controller-manager.conf', 0o640)],
  '1.1.18': ['of another user', owner('/etc/kubernetes/controller-manager.conf', 'kube:kube')],
  '1.1.19': ['one key of another user', owner('/etc/kubernetes/pki/etcd/server.key', 'etcd:root')],
  '1.2.2': ['tokens from a file', argument('kube-apiserver', '--token-auth-file=/tokens')],
  '1.2.4': ['no key', withoutArgument('kube-apiserver', 'kubelet-client-key')],
  '1.2.5': ['no authority', withoutArgument('kube-apiserver', 'kubelet-certificate-authority')],
  '1.2.6': ['everything allowed', argument('kube-apiserver', '--authorization-mode=Node,RBAC,AlwaysAllow')],
  '1.2.7': ['without Node', argument('kube-apiserver', '--authorization-mode=RBAC')],
  '1.2.8': ['without RBAC', argument('kube-apiserver', '--authorization-mode=Node')],
  '1.2.10': ['AlwaysAdmit', argument('kube-apiserver', '--enable-admission-plugins=NodeRestriction,AlwaysAdmit')],
  '1.2.12': ['off', argument('kube-apiserver', '--disable-admission-plugins=ServiceAccount')],
  '1.2.13': ['off', argument('kube-apiserver', '--disable-admission-plugins=NamespaceLifecycle')],
  '1.2.14': ['not there', argument('kube-apiserver', '--enable-admission-plugins=DenyServiceExternalIPs')],
  '1.2.15': ['on, by default', withoutArgument('kube-apiserver', 'profiling')],
  '1.2.16': ['no log', withoutArgument('kube-apiserver', 'audit-log-path')],
  '1.2.17': ['29 days', argument('kube-apiserver', '--audit-log-maxage=29')],
  '1.2.18': ['9 files', argument('kube-apiserver', '--audit-log-maxbackup=9')],
  '1.2.19': ['99 MB', argument('kube-apiserver', '--audit-log-maxsize=99')],
  '1.2.21': ['no lookup', argument('kube-apiserver', '--service-account-lookup=false')],
  '1.2.22': ['no key', withoutArgument('kube-apiserver', 'service-account-key-file')],
  '1.2.23': ['no certificate', withoutArgument('kube-apiserver', 'etcd-certfile')],
  '1.2.24': ['no key', withoutArgument('kube-apiserver', 'tls-private-key-file')],
  '1.2.25': ['no authority', withoutArgument('kube-apiserver', 'client-ca-file')],
  '1.2.26': ['no authority', withoutArgument('kube-apiserver', 'etcd-cafile')],
  '1.2.30': ['a year, by default', withoutArgument('kube-apiserver', 'service-account-extend-token-expiration')],
  '1.3.2': ['on', argument('kube-controller-manager', '--profiling')],
  '1.3.3': ['one account for all', argument('kube-controller-manager', '--use-service-account-credentials=false')],
  '1.3.4': ['no key', withoutArgument('kube-controller-manager', 'service-account-private-key-file')],
  '1.3.5': ['no authority', withoutArgument('kube-controller-manager', 'root-ca-file')],
  '1.3.6': ['off', argument('kube-controller-manager', '--feature-gates=A=true,RotateKubeletServerCertificate=false')],
  '1.3.7': ['everywhere', argument('kube-controller-manager', '--bind-address=0.0.0.0')],
  '1.4.1': ['on', argument('kube-scheduler', '--profiling=true')],
  '1.4.2': ['everywhere', argument('kube-scheduler', '--bind-address', '0.0.0.0')],
  '2.1': ['no certificate', withoutArgument('etcd', 'cert-file')],
  '2.2': ['no certificate asked', argument('etcd', '--client-cert-auth=false')],
  '2.3': ['signed by itself', argument('etcd', '--auto-tls')],
  '2.4': ['no key', withoutArgument('etcd', 'peer-key-file')],
  '2.5': ['by default', withoutArgument('etcd', 'peer-client-cert-auth')],
  '2.6': ['signed by itself', argument('etcd', '--peer-auto-tls=true')],
  '4.1.1': ['readable by all', mode('/etc/systemd/system/kubelet.service.d/10-kubeadm.conf', 0o644)],
  '4.1.2': ['of another user', owner('/etc/systemd/system/kubelet.service.d/10-kubeadm.conf', 'kube:root')],
  '4.1.5': ['readable by all', mode('/etc/kubernetes/kubelet.conf', 0o644)],
  '4.1.6': ['of another user', owner('/etc/kubernetes/kubelet.conf', 'kube:kube')],
  '4.1.9': ["as kubeadm's", mode('/var/lib/kubelet/config.yaml', 0o644)],
  '4.1.10': ['of another user', owner('/var/lib/kubelet/config.yaml', 'kube:kube')],
  '4.2.1': ['anybody', kubelet({ authentication: { anonymous: { enabled: true }, x509: { clientCAFile: '/ca' } } })],
  '4.2.2': ['an argument that overrides', argument('kubelet', '--authorization-mode=AlwaysAllow')],
  '4.2.3': ['no authority', kubelet({ authentication: { anonymous: { enabled: false } } })],
  '4.2.6': ['off', kubelet({ makeIPTablesUtilChains: false })],
  '4.2.10': ['off', kubelet({ rotateCertificates: false })],
  '4.3.1': ['everywhere', (subject) => ({ ...subject, kubeProxy: { metricsBindAddress: '0.0.0.0:10249' } })],
};

it('lists every automated item once, in order', () => {
  expect(AUTOMATED).toHaveLength(65);
  expect(cisChecks.map(({ id }) => id)).toEqual(AUTOMATED);
  expect(Object.keys(NEGATIVE).sort()).toEqual([...AUTOMATED].sort());
});

describe.each([
  ['with every default', clusterSettings()],
  ['with every setting', clusterSettings(everySetting)],
  ['of 1.34', clusterSettings({ kubernetesVersion: '1.34.4', kubernetesMinor: 34 })],
])('a first node %s', (_name, cluster) => {
  const findings = runCisChecks(renderedSubject({ ...controlPlane, cluster }), controlPlane.roles);

  it.each(findings)('$id $what', ({ id, passed, found }) => {
    expect({ passed: passed || id in cisDeviations, found }).toEqual({ passed: true, found });
  });

  it('is asked all', () => {
    expect(findings.map(({ id }) => id)).toEqual(AUTOMATED);
  });
});

it('has no deviation listed that is none', () => {
  const failed = runCisChecks(good, controlPlane.roles).filter(({ passed }) => !passed);
  expect(failed.map(({ id }) => id)).toEqual(Object.keys(cisDeviations));
});

describe.each(AUTOMATED)('%s', (id) => {
  const [what, change, alsoFails = []] = NEGATIVE[id] ?? ['', (subject: CisSubject) => subject];

  it(`fails when ${what}, and it alone`, () => {
    const failed = runCisChecks(change(good), controlPlane.roles).filter(({ passed }) => !passed);
    expect(failed.map((finding) => finding.id).sort()).toEqual([id, ...alsoFails].sort());
    expect(failed[0]?.found).not.toBe('');
  });
});

it('asks a worker about its kubelet and kube-proxy alone, and it passes', () => {
  const worker = workerNode();
  const findings = runCisChecks(renderedSubject(worker), worker.roles);
  expect(findings.map(({ id }) => id)).toEqual(AUTOMATED.filter((id) => id.startsWith('4.')));
  expect(findings.filter(({ passed }) => !passed)).toEqual([]);
});

it('passes nothing of a host that has nothing but what need not be there', () => {
  const nothing: CisSubject = { files: new Map(), commands: {}, kubelet: undefined, kubeProxy: undefined };
  expect(runCisChecks(nothing, controlPlane.roles).filter(({ passed }) => passed)).toEqual([]);
});

it('fails what a cluster as kubeadm leaves it is known to fail', async () => {
  const host = single.host('cp1');
  const program = (name: CisProgram): [CisProgram, string[]] => {
    const pod = host.yaml(`/etc/kubernetes/manifests/${name}.yaml`) as {
      spec: { containers: { command: string[] }[] };
    };
    return [name, pod.spec.containers[0]?.command ?? []];
  };
  const files = [...host.files].map(([path, { mode: octal, owner: ids }]): [string, CisFile] => {
    const [user = '', group = ''] = ids.split(':').map((name) => (name === '0' ? 'root' : name));
    return [path, { mode: Number.parseInt(octal, 8), user, group }];
  });
  const failed = runCisChecks(
    {
      files: new Map([
        ...files,
        ['/usr/lib/systemd/system/kubelet.service', { mode: 0o644, user: 'root', group: 'root' }],
      ]),
      commands: Object.fromEntries(
        (['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'] as const).map(program),
      ),
      kubelet: host.yaml('/var/lib/kubelet/config.yaml') as Record<string, unknown>,
      kubeProxy,
    },
    ['control-plane', 'etcd'],
  ).filter(({ passed }) => !passed);
  expect(failed.map(({ id }) => id)).toEqual([
    '1.1.12',
    '1.2.5',
    '1.2.15',
    '1.2.16',
    '1.2.17',
    '1.2.18',
    '1.2.19',
    '1.2.30',
    '1.3.2',
    '1.4.1',
    '4.1.1',
    '4.1.9',
  ]);
});

it('says which files have to be looked at', () => {
  expect(cisPaths()).toContain('/etc/kubernetes/pki/');
  expect(cisPaths()).toContain('/var/lib/etcd');
  expect(cisPaths().filter((path) => !path.startsWith('/'))).toEqual([]);
});

function mode(path: string, bits: number): Change {
  return changeFile(path, (file) => ({ ...file, mode: bits }));
}

function owner(path: string, names: string): Change {
  const [user = '', group = ''] = names.split(':');
  return changeFile(path, (file) => ({ ...file, user, group }));
}

function changeFile(path: string, change: (file: CisFile) => CisFile): Change {
  return (subject) => {
    const file = subject.files.get(path);
    if (file === undefined) throw new Error(`nothing was rendered at ${path}`);
    return { ...subject, files: new Map([...subject.files, [path, change(file)]]) };
  };
}

function without(path: string): Change {
  return (subject) => ({ ...subject, files: new Map([...subject.files].filter(([one]) => one !== path)) });
}

function argument(program: CisProgram, ...words: readonly string[]): Change {
  return changeCommand(program, (command) => [...command, ...words]);
}

function withoutArgument(program: CisProgram, name: string): Change {
  return changeCommand(program, (command) => command.filter((word) => !word.startsWith(`--${name}=`)));
}

function changeCommand(program: CisProgram, change: (command: readonly string[]) => readonly string[]): Change {
  return (subject) => ({
    ...subject,
    commands: { ...subject.commands, [program]: change(subject.commands[program] ?? []) },
  });
}

function kubelet(fields: Record<string, unknown>): Change {
  return (subject) => ({ ...subject, kubelet: { ...subject.kubelet, ...fields } });
}
