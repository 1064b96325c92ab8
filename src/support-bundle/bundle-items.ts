import { POSSESSIONS_FILE } from '../engine/file-possessions.ts';
import { RUNS_DIRECTORY } from '../engine/run-folders.ts';
import type { Command } from '../hosts/host.ts';
import { ADMISSION_CONFIGURATION_FILE } from '../kubernetes/control-plane/admission-configuration.ts';
import { AUDIT_POLICY_FILE } from '../kubernetes/control-plane/audit-policy.ts';
import { PATCHES_DIRECTORY } from '../kubernetes/kubeadm/kubeadm-patches.ts';
import { KUBELET_DIRECTORY, KUBELET_SERVICE_DROP_IN } from '../kubernetes/kubelet/kubelet-files.ts';
import { KUBELET_DROP_INS } from '../kubernetes/kubelet/kubelet-flags.ts';
import { listeners } from '../kubernetes/listeners.ts';
import { PKI_DIRECTORY } from '../kubernetes/pki/authorities.ts';
import { ADMIN_KUBECONFIG } from '../kubernetes/pki/kubeconfig-specifications.ts';
import { MANIFESTS_DIRECTORY } from '../kubernetes/static-pods/pod.ts';
import { saltPaths } from '../salt/paths.ts';

/** What a program tells. */
export interface CommandItem {
  /** Path in the bundle. */
  readonly path: string;
  readonly command: Command;
  /** What it prints are entries of a journal, the newest first. */
  readonly newestFirst?: true;
  /** Exit statuses beside 0 that are no failure of it. */
  readonly exits?: readonly number[];
}

/** Files of the host; those that hold secrets are left out, whatever is asked for. */
export interface FilesItem {
  /** Files, and folders with all below them. */
  readonly roots: readonly string[];
  /** Only files that were written since the bundle's beginning. */
  readonly recent?: true;
}

/** How long the API has for each answer. */
const REQUEST_TIMEOUT = '10s';

/** Entries of each journal at most, the newest ones. */
const JOURNAL_ENTRIES = 50_000;

/** The beginning of 2100: later than every entry, also of a host whose clock was put back since. */
const END_OF_TIME = 4_102_444_800;

/** Whether the API answers. Nothing else is asked of it where it does not. */
export const apiProbe: CommandItem = {
  path: 'cluster/readyz.txt',
  command: kubectl('get', '--raw', '/readyz?verbose'),
};

/** Namespaces whose objects are ours, and Kubernetes' own: of all others only lists are taken. */
const OWN_NAMESPACES = ['kube-system', 'kube-public', 'metalk8s-system'];

const OWN_OBJECTS =
  'pods,daemonsets,deployments,statefulsets,replicasets,jobs,services,endpointslices,configmaps,networkpolicies,poddisruptionbudgets';

/** Objects of the API. Secrets are never asked for. */
export const clusterItems: readonly CommandItem[] = [
  { path: 'cluster/version.txt', command: kubectl('version') },
  { path: 'cluster/nodes.yaml', command: kubectl('get', 'nodes', '--output=yaml') },
  ...OWN_NAMESPACES.map((namespace) => ({
    path: `cluster/${namespace}.yaml`,
    command: kubectl('get', OWN_OBJECTS, `--namespace=${namespace}`, '--output=yaml'),
  })),
  ...[
    ['workloads', 'pods,daemonsets,deployments,statefulsets,jobs,cronjobs,services,networkpolicies'],
    ['events', 'events'],
    ['leases', 'leases'],
    ['claims', 'persistentvolumeclaims'],
  ].map(([name, kinds = '']) => ({
    path: `cluster/${name}.txt`,
    command: kubectl('get', kinds, '--all-namespaces', '--output=wide'),
  })),
  ...[
    ['volumes', 'persistentvolumes,storageclasses,volumeattachments'],
    ['namespaces', 'namespaces,priorityclasses'],
    ['requests', 'certificatesigningrequests'],
    [
      'extensions',
      'apiservices,customresourcedefinitions,mutatingwebhookconfigurations,validatingwebhookconfigurations',
    ],
  ].map(([name, kinds = '']) => ({ path: `cluster/${name}.txt`, command: kubectl('get', kinds, '--output=wide') })),
];

/** What programs of the host tell. `since`: seconds since 1970. */
export function hostItems(since: number): readonly CommandItem[] {
  const journal = (name: string, ...which: readonly string[]): CommandItem => ({
    path: `journals/${name}.txt`,
    command: [
      'journalctl',
      '--no-pager',
      '--quiet',
      '--utc',
      '--output=short-iso-precise',
      `--since=@${since}`,
      // By --since and --lines alone, systemd 239 and 252 give the oldest lines; by --reverse as well, 239 (Enterprise Linux 8) leaves out
      // the newest, unless it is told where to begin.
      `--until=@${END_OF_TIME}`,
      '--reverse',
      `--lines=${JOURNAL_ENTRIES}`,
      ...which,
    ],
    newestFirst: true,
  });
  const shown = (path: string, ...command: Command): CommandItem => ({ path: `host/${path}.txt`, command });
  const answer = (name: string, port: number, path: string): CommandItem =>
    shown(`health-${name}`, 'curl', '--silent', '--show-error', '--max-time', '5', `http://127.0.0.1:${port}${path}`);
  return [
    journal('kubelet', '--unit=kubelet.service'),
    journal('containerd', '--unit=containerd.service'),
    journal('mounts', '--unit=srv-metalk8s-*.mount'),
    // Of every boot, as `--dmesg --boot=all` has it, which systemd 239 does not know.
    journal('kernel', '_TRANSPORT=kernel'),
    journal('problems', '--priority=warning'),
    shown('units', 'systemctl', 'list-units', '--all', '--no-pager', '--full'),
    // systemctl(1): 3 says that a unit does not run, which is why they are here.
    { ...shown('failed-units', 'systemctl', 'status', '--failed', '--no-pager', '--full'), exits: [3] },
    shown(
      'our-units',
      'systemctl',
      'cat',
      '--no-pager',
      'kubelet.service',
      'containerd.service',
      'srv-metalk8s-*.mount',
    ),
    shown('containers', 'ctr', '--namespace=k8s.io', 'containers', 'list'),
    shown('tasks', 'ctr', '--namespace=k8s.io', 'tasks', 'list'),
    shown('images', 'ctr', '--namespace=k8s.io', 'images', 'list'),
    shown('runtime', 'ctr', 'version'),
    answer('kubelet', listeners.kubeletHealth.port, '/healthz'),
    answer('etcd', listeners.etcdMetrics.port, '/health'),
    answer('apiserver-proxy', listeners.apiserverProxyHealth.port, '/'),
    answer('kube-proxy', listeners.kubeProxyMetrics.port, '/healthz'),
    shown('packages', 'rpm', '--query', '--all', '--last'),
    // Without arguments: those of others may hold passwords.
    shown('processes', 'ps', '-eo', 'pid,ppid,user,stat,pcpu,rss,etime,comm'),
    shown('memory', 'free', '--mebi'),
    shown('disks', 'df', '--print-type', '--all'),
    shown('inodes', 'df', '--inodes'),
    shown('mounts', 'findmnt', '--real'),
    shown('blocks', 'lsblk', '--fs'),
    shown('uptime', 'uptime'),
    shown('time', 'timedatectl'),
    shown('clock-sources', 'chronyc', '-n', 'sources'),
    shown('addresses', 'ip', 'address', 'show'),
    shown('routes', 'ip', 'route', 'show', 'table', 'all'),
    shown('rules', 'ip', 'rule', 'show'),
    shown('sockets', 'ss', '--numeric', '--listening', '--tcp', '--udp', '--processes'),
    shown('iptables', 'iptables-save', '--counters'),
    shown('ipsets', 'ipset', 'list', '-terse'),
    shown('settings', 'sysctl', '--all', '--pattern', '^(net\\.(ipv4|bridge|netfilter)|vm|fs|kernel\\.p)'),
    shown('kubernetes-files', 'find', '/etc/kubernetes', '-xdev', '-printf', '%M %u:%g %s %t %p\\n'),
    shown(
      'own-files',
      'find',
      '/etc/metalk8s',
      '/var/lib/metalk8s',
      '-xdev',
      '-maxdepth',
      '4',
      '-printf',
      '%M %u:%g %s %t %p\\n',
    ),
  ];
}

/** Files of the host. */
export const fileItems: readonly FilesItem[] = [
  { roots: [RUNS_DIRECTORY, POSSESSIONS_FILE] },
  { roots: ['/var/log/metalk8s'], recent: true },
  { roots: ['/etc/metalk8s'] },
  {
    roots: [
      MANIFESTS_DIRECTORY,
      PATCHES_DIRECTORY,
      KUBELET_DROP_INS,
      AUDIT_POLICY_FILE,
      ADMISSION_CONFIGURATION_FILE,
      PKI_DIRECTORY,
      `${KUBELET_DIRECTORY}/config.yaml`,
      `${KUBELET_DIRECTORY}/instance-config.yaml`,
      `${KUBELET_DIRECTORY}/kubeadm-flags.env`,
      KUBELET_SERVICE_DROP_IN,
    ],
  },
  { roots: ['/etc/containerd', '/etc/cni/net.d'] },
  { roots: [saltPaths.pillar] },
  {
    roots: [
      '/etc/os-release',
      '/etc/hosts',
      '/etc/resolv.conf',
      '/etc/sysctl.d',
      '/etc/modules-load.d',
      '/etc/yum.repos.d',
      '/etc/dnf/dnf.conf',
      '/etc/dnf/plugins',
    ],
  },
];

/** Where the kubelet keeps what pods print. */
export const PODS_LOGS = '/var/log/pods';

/** Logs of pods are taken of these namespaces alone: those of users are theirs. */
export function isOwnPod(folder: string): boolean {
  return OWN_NAMESPACES.some((namespace) => folder.startsWith(`${namespace}_`));
}

function kubectl(verb: string, ...words: readonly string[]): Command {
  // Without a place to keep answers: nothing is to be written on the host.
  return [
    'kubectl',
    `--kubeconfig=${ADMIN_KUBECONFIG}`,
    `--request-timeout=${REQUEST_TIMEOUT}`,
    '--cache-dir=/dev/null',
    verb,
    ...words,
  ];
}
