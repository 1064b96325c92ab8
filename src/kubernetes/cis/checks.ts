import { ETCD_DATA_DIRECTORY } from '../cluster-settings.ts';
import { KUBELET_CONFIGURATION_FILE, KUBELET_SERVICE_DROP_IN } from '../kubelet/kubelet-files.ts';
import { PKI_DIRECTORY } from '../pki/authorities.ts';
import { MANIFESTS_DIRECTORY } from '../static-pods/pod.ts';
import {
  argumentCheck,
  argumentOf,
  excludes,
  includes,
  is,
  isAbsent,
  isAtLeast,
  isFalse,
  isGiven,
  isGivenWithout,
  isNotFalse,
  isNotTrue,
  isTrue,
} from './arguments.ts';
import type { CisCheck, CisSubject } from './check.ts';
import { type FilesAsked, fileCheck, modeAndOwner } from './files.ts';
import { settingCheck } from './settings.ts';

const KUBERNETES = '/etc/kubernetes';
/** Rights of what only root reads. */
const PRIVATE = { mode: 0o600 };

/** Section 1.1: files of a control plane. */
const controlPlaneFiles: readonly CisCheck[] = [
  ...modeAndOwner(['1.1.1', '1.1.2'], manifest('kube-apiserver'), PRIVATE),
  ...modeAndOwner(['1.1.3', '1.1.4'], manifest('kube-controller-manager'), PRIVATE),
  ...modeAndOwner(['1.1.5', '1.1.6'], manifest('kube-scheduler'), PRIVATE),
  ...modeAndOwner(['1.1.7', '1.1.8'], { ...manifest('etcd'), on: 'etcd' }, PRIVATE),
  ...modeAndOwner(
    ['1.1.11', '1.1.12'],
    { what: 'data of etcd', on: 'etcd', paths: [ETCD_DATA_DIRECTORY], path: etcdData },
    { mode: 0o700, owner: 'etcd:etcd' },
  ),
  ...modeAndOwner(
    ['1.1.13', '1.1.14'],
    {
      what: 'kubeconfigs of administrators',
      on: 'control-plane',
      paths: [`${KUBERNETES}/admin.conf`, `${KUBERNETES}/super-admin.conf`],
    },
    PRIVATE,
  ),
  ...modeAndOwner(['1.1.15', '1.1.16'], kubeconfig('scheduler', 'control-plane'), PRIVATE),
  ...modeAndOwner(['1.1.17', '1.1.18'], kubeconfig('controller-manager', 'control-plane'), PRIVATE),
  fileCheck('1.1.19', { what: 'certificates and keys', on: 'control-plane', paths: [`${PKI_DIRECTORY}/`] }, [
    'owner root:root',
    ({ user, group }) => user === 'root' && group === 'root',
  ]),
];

/** Section 1.2. */
const apiserver: readonly CisCheck[] = [
  argumentCheck('kube-apiserver', '1.2.2', 'token-auth-file', isAbsent),
  argumentCheck('kube-apiserver', '1.2.4', ['kubelet-client-certificate', 'kubelet-client-key'], isGiven),
  argumentCheck('kube-apiserver', '1.2.5', 'kubelet-certificate-authority', isGiven),
  argumentCheck('kube-apiserver', '1.2.6', 'authorization-mode', isGivenWithout('AlwaysAllow')),
  argumentCheck('kube-apiserver', '1.2.7', 'authorization-mode', includes('Node')),
  argumentCheck('kube-apiserver', '1.2.8', 'authorization-mode', includes('RBAC')),
  argumentCheck('kube-apiserver', '1.2.10', 'enable-admission-plugins', excludes('AlwaysAdmit')),
  argumentCheck('kube-apiserver', '1.2.12', 'disable-admission-plugins', excludes('ServiceAccount')),
  argumentCheck('kube-apiserver', '1.2.13', 'disable-admission-plugins', excludes('NamespaceLifecycle')),
  argumentCheck('kube-apiserver', '1.2.14', 'enable-admission-plugins', includes('NodeRestriction')),
  argumentCheck('kube-apiserver', '1.2.15', 'profiling', isFalse),
  argumentCheck('kube-apiserver', '1.2.16', 'audit-log-path', isGiven),
  argumentCheck('kube-apiserver', '1.2.17', 'audit-log-maxage', isAtLeast(30)),
  argumentCheck('kube-apiserver', '1.2.18', 'audit-log-maxbackup', isAtLeast(10)),
  argumentCheck('kube-apiserver', '1.2.19', 'audit-log-maxsize', isAtLeast(100)),
  argumentCheck('kube-apiserver', '1.2.21', 'service-account-lookup', isNotFalse),
  argumentCheck('kube-apiserver', '1.2.22', 'service-account-key-file', isGiven),
  argumentCheck('kube-apiserver', '1.2.23', ['etcd-certfile', 'etcd-keyfile'], isGiven),
  argumentCheck('kube-apiserver', '1.2.24', ['tls-cert-file', 'tls-private-key-file'], isGiven),
  argumentCheck('kube-apiserver', '1.2.25', 'client-ca-file', isGiven),
  argumentCheck('kube-apiserver', '1.2.26', 'etcd-cafile', isGiven),
  argumentCheck('kube-apiserver', '1.2.30', 'service-account-extend-token-expiration', isFalse),
];

/** Sections 1.3 and 1.4. */
const controllerManagerAndScheduler: readonly CisCheck[] = [
  argumentCheck('kube-controller-manager', '1.3.2', 'profiling', isFalse),
  argumentCheck('kube-controller-manager', '1.3.3', 'use-service-account-credentials', isTrue),
  argumentCheck('kube-controller-manager', '1.3.4', 'service-account-private-key-file', isGiven),
  argumentCheck('kube-controller-manager', '1.3.5', 'root-ca-file', isGiven),
  argumentCheck('kube-controller-manager', '1.3.6', 'feature-gates', excludes('RotateKubeletServerCertificate=false')),
  argumentCheck('kube-controller-manager', '1.3.7', 'bind-address', is('127.0.0.1')),
  argumentCheck('kube-scheduler', '1.4.1', 'profiling', isFalse),
  argumentCheck('kube-scheduler', '1.4.2', 'bind-address', is('127.0.0.1')),
];

/** Section 2. */
const etcd: readonly CisCheck[] = [
  argumentCheck('etcd', '2.1', ['cert-file', 'key-file'], isGiven),
  argumentCheck('etcd', '2.2', 'client-cert-auth', isTrue),
  argumentCheck('etcd', '2.3', 'auto-tls', isNotTrue),
  argumentCheck('etcd', '2.4', ['peer-cert-file', 'peer-key-file'], isGiven),
  argumentCheck('etcd', '2.5', 'peer-client-cert-auth', isTrue),
  argumentCheck('etcd', '2.6', 'peer-auto-tls', isNotTrue),
];

/** Section 4. */
const everyNode: readonly CisCheck[] = [
  ...modeAndOwner(
    ['4.1.1', '4.1.2'],
    {
      what: 'service of the kubelet',
      on: 'every node',
      paths: [
        KUBELET_SERVICE_DROP_IN,
        '/etc/systemd/system/kubelet.service',
        '/usr/lib/systemd/system/kubelet.service',
        '/lib/systemd/system/kubelet.service',
      ],
      choice: 'first',
    },
    PRIVATE,
  ),
  ...modeAndOwner(['4.1.5', '4.1.6'], kubeconfig('kubelet', 'every node'), PRIVATE),
  ...modeAndOwner(
    ['4.1.9', '4.1.10'],
    { what: 'configuration of the kubelet', on: 'every node', paths: [KUBELET_CONFIGURATION_FILE] },
    PRIVATE,
  ),
  settingCheck('4.2.1', {
    program: 'kubelet',
    argument: 'anonymous-auth',
    field: ['authentication', 'anonymous', 'enabled'],
    what: 'is false',
    holds: (value) => value === 'false',
  }),
  settingCheck('4.2.2', {
    program: 'kubelet',
    argument: 'authorization-mode',
    field: ['authorization', 'mode'],
    what: 'is given, and not AlwaysAllow',
    holds: (value) => value !== undefined && value !== 'AlwaysAllow',
  }),
  settingCheck('4.2.3', {
    program: 'kubelet',
    argument: 'client-ca-file',
    field: ['authentication', 'x509', 'clientCAFile'],
    what: 'is given',
    holds: (value) => value !== undefined && value !== '',
  }),
  settingCheck('4.2.6', {
    program: 'kubelet',
    argument: 'make-iptables-util-chains',
    field: ['makeIPTablesUtilChains'],
    what: 'is not false',
    holds: (value) => value === undefined || value === 'true',
  }),
  settingCheck('4.2.10', {
    program: 'kubelet',
    argument: 'rotate-certificates',
    field: ['rotateCertificates'],
    what: 'is not false',
    holds: (value) => value === undefined || value === 'true',
  }),
  settingCheck('4.3.1', {
    program: 'kube-proxy',
    argument: 'metrics-bind-address',
    field: ['metricsBindAddress'],
    what: 'is of 127.0.0.1, or left at its default, which is',
    holds: (value) => value === undefined || value === '' || /^127\.0\.0\.1(?::\d+)?$/.test(value),
  }),
];

/** The 65 automated items of the CIS Kubernetes Benchmark 1.12, in its order. */
export const cisChecks: readonly CisCheck[] = [
  ...controlPlaneFiles,
  ...apiserver,
  ...controllerManagerAndScheduler,
  ...etcd,
  ...everyNode,
];

/** Automated items that a node of ours does not pass, by number, each with the reason. There is none. */
export const cisDeviations: Readonly<Record<string, string>> = {};

function manifest(name: string): FilesAsked {
  return { what: `manifest of ${name}`, on: 'control-plane', paths: [`${MANIFESTS_DIRECTORY}/${name}.yaml`] };
}

function kubeconfig(name: string, on: CisCheck['on']): FilesAsked {
  return { what: `kubeconfig of ${name}`, on, paths: [`${KUBERNETES}/${name}.conf`] };
}

function etcdData({ commands }: CisSubject): string {
  return argumentOf(commands.etcd ?? [], 'data-dir') ?? ETCD_DATA_DIRECTORY;
}
