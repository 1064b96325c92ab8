import type { ObservedHost } from './observed-host.ts';

/** Programs of container runtimes, of Kubernetes and of Salt. */
const KNOWN = [
  'calico-node',
  'cilium-agent',
  'containerd',
  'containerd-shim-runc-v2',
  'cri-dockerd',
  'crio',
  'dockerd',
  'etcd',
  'flanneld',
  'k0s',
  'k3s',
  'k3s-agent',
  'k3s-server',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-proxy',
  'kube-scheduler',
  'kubelet',
  'kubelite',
  'microshift',
  'rke2',
  'salt-master',
  'salt-minion',
];

/** Characters that the kernel keeps of a process's name. */
const KEPT = 15;

const fullNames = new Map(KNOWN.map((name) => [name.slice(0, KEPT), name]));

/** Reads lines of `/proc/PID/comm:NAME`: the processes that are of a container runtime, of Kubernetes or of Salt. */
export function readProcesses(text: string | null): ObservedHost['processes'] {
  return [...(text ?? '').matchAll(/^\/proc\/(\d{1,10})\/comm:(.*)$/gm)].flatMap(([, pid, kept = '']) => {
    const name = fullNames.get(kept);
    return name === undefined ? [] : [{ name, pid: Number(pid) }];
  });
}
