import type { HostRecord } from './sandbox/protocol.ts';

interface Exception {
  readonly path: RegExp;
  readonly why: string;
  /** Only where the host joined a cluster. */
  readonly joined?: true;
}

/** What appears on a host while kubeadm runs, but is not its work. */
const NOT_KUBEADM: readonly Exception[] = [
  { path: /^\/var\/lib\/kubelet\/pki(?:\/|$)/, why: "the kubelet's own certificates, which its double only pretends" },
  {
    path: /^\/etc\/kubernetes\/kubelet\.conf$/,
    why: 'a joining kubelet writes it after its TLS bootstrap',
    joined: true,
  },
  { path: /^\/var\/lib\/etcd\//, why: 'the data of a running etcd' },
];

/** Whether a path on a host belongs to golden data. */
export function writtenByKubeadm(host: HostRecord, path: string): boolean {
  const joined = host.atKubeletStart.some((file) => file.path.endsWith('/bootstrap-kubelet.conf'));
  return !NOT_KUBEADM.some((exception) => exception.path.test(path) && (joined || !exception.joined));
}
