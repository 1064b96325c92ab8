import { ARCHIVES_DIRECTORY } from '../kubernetes/static-pods/registry.ts';
import { KERNEL_SETTINGS_FILE } from '../salt/kernel-settings.ts';
import { NODE_COMMAND } from '../salt/node-command.ts';
import { saltPaths } from '../salt/paths.ts';

/** Of the lock that keeps runs apart, and of notes that hold until the next start of the host: empty after each. */
export const RUNTIME_DIRECTORY = '/run/metalk8s';

/** Of runs, and of what they made: whatever changes a host writes there first. */
export const STATE_DIRECTORY = '/var/lib/metalk8s';

export const CONTAINERD_UNIT = 'containerd.service';

/** Folders and files that nobody but Kubernetes and we have: gone whole after a reset, whoever made them. */
export const clusterTrees = [
  '/etc/kubernetes',
  '/etc/systemd/system/kubelet.service.d',
  '/var/lib/kubelet',
  '/var/lib/etcd',
  '/var/lib/calico',
  '/var/log/calico',
  '/var/log/kubernetes',
  '/run/calico',
  '/run/kubernetes',
  '/run/nodeagent',
  '/run/registry',
  '/run/apiserver-proxy',
  saltPaths.configuration,
  '/etc/metalk8s/pki',
  '/etc/modules-load.d/metalk8s.conf',
  KERNEL_SETTINGS_FILE,
] as const;

/** What kubelet, container runtime, network plugin and packages make for us, and others may have made before: gone whole where nobody had. */
export const sharedTrees = [
  '/etc/cni',
  '/etc/containerd',
  '/etc/salt',
  '/opt/cni',
  '/opt/containerd',
  '/opt/saltstack',
  '/run/containerd',
  '/run/nri',
  '/run/salt',
  '/usr/libexec/kubernetes',
  '/var/cache/salt',
  '/var/lib/cni',
  '/var/lib/containerd',
  '/var/log/containers',
  '/var/log/pods',
  '/var/log/salt',
] as const;

/** Of those, what any containerd makes. */
export const containerdTrees = [
  '/etc/containerd',
  '/opt/containerd',
  '/run/containerd',
  '/run/nri',
  '/var/lib/containerd',
] as const;

/** Folders that are made likewise, and that others may use afterwards: gone where nobody had them and nothing else is in them. */
export const sharedFolders = ['/run/netns', '/usr/share/containers'] as const;

/** Users and groups that packages of ours make. */
export const packageUsers = ['salt'] as const;

/** What the kubelet, kube-proxy and Calico set in the kernel by themselves. */
export const clusterSettings = [
  'kernel.keys.root_maxbytes',
  'kernel.keys.root_maxkeys',
  'kernel.panic',
  'kernel.panic_on_oops',
  'net.ipv4.conf.all.route_localnet',
  'net.ipv4.conf.all.rp_filter',
  'net.ipv6.conf.all.forwarding',
  'net.netfilter.nf_conntrack_max',
  'net.netfilter.nf_conntrack_tcp_timeout_close_wait',
  'net.netfilter.nf_conntrack_tcp_timeout_established',
  'vm.overcommit_memory',
  'vm.panic_on_oom',
] as const;

/** Our own, with all that says what has to be undone: gone last, the lock at the very end. What an administrator wrote in /etc/metalk8s stays. */
export const ownTrees = [ARCHIVES_DIRECTORY, '/var/log/metalk8s', STATE_DIRECTORY, RUNTIME_DIRECTORY] as const;

/** Of the units that mount archives. */
const MOUNT_UNITS = '/etc/systemd/system/srv-metalk8s-*.mount';

/** What has our name in folders of others, as patterns of file names: `*` for any characters. */
export const ownPatterns = [
  MOUNT_UNITS,
  '/etc/yum.repos.d/metalk8s-*.repo',
  '/var/cache/dnf/metalk8s-*',
  '/var/lib/dnf/repos/metalk8s-*',
] as const;

/** What the program is started by, where it is given again: gone once nothing is left that may fail. */
export const programPatterns = [MOUNT_UNITS, NODE_COMMAND] as const;

/** Network namespaces of pods, as containerd names them, and others with it. */
export const POD_NAMESPACES = '/run/netns/cni-*';

/** What a cluster that we made has in folders of others, likewise. */
export const clusterPatterns = [
  '/etc/cni/net.d/10-calico.conflist*',
  '/etc/cni/net.d/calico-kubeconfig*',
  '/opt/cni/bin/calico',
  '/opt/cni/bin/calico-ipam',
  POD_NAMESPACES,
] as const;

/** What is unmounted: whatever is below a folder, or begins so. `keepsRuntime`: others have containers in the same containerd. */
export function mountTrees({ keepsRuntime }: { readonly keepsRuntime: boolean }): readonly string[] {
  const ofRuntime = keepsRuntime
    ? ['/run/containerd/io.containerd.runtime.v2.task/k8s.io', '/run/containerd/io.containerd.grpc.v1.cri']
    : ['/run/containerd', '/var/lib/containerd'];
  return ['/var/lib/kubelet', '/run/calico', POD_NAMESPACES, ...ofRuntime];
}

/** Whether something that is mounted belongs to those, not being one of the folders itself. */
export function isMountOf(point: string, trees: readonly string[]): boolean {
  return trees.some((tree) => point.startsWith(tree.endsWith('*') ? tree.slice(0, -1) : `${tree}/`));
}

/** Whether a path is where somebody's tools look for a kubeconfig, so that what is there may be another than ours. */
export function isKubeconfigCopy(path: string): boolean {
  return path.endsWith('/.kube/config');
}
