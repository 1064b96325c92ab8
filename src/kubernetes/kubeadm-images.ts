import { MetalK8sError } from '../errors/metalk8s-error.ts';

/** An image that kubeadm asks for by itself, without anything in its configuration. */
export interface KubeadmImage {
  /** `registry.k8s.io/etcd`. */
  readonly repository: string;
  /** Undefined where nobody has looked yet what this very version asks for. */
  readonly tag: string | undefined;
}

/** What kubeadm runs besides Kubernetes itself, as `kubeadm config images list` prints it. */
interface AddonTags {
  /** Patch versions that were looked at: kubeadm changes these tags between patches too. */
  readonly patches: readonly number[];
  readonly coredns: string;
  readonly pause: string;
  readonly etcd: string;
}

/** From test/golden/kubeadm, and from kubeadm itself in test/integration/build-proofs.test.ts. */
const ADDONS: Readonly<Record<string, AddonTags>> = {
  '1.34': { patches: [4], coredns: 'v1.12.1', pause: '3.10.1', etcd: '3.6.5-0' },
  '1.35': { patches: [4], coredns: 'v1.13.1', pause: '3.10.1', etcd: '3.6.6-0' },
  '1.36': { patches: [1, 3], coredns: 'v1.14.2', pause: '3.10.2', etcd: '3.6.8-0' },
};

const COMPONENTS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'];

/** The images that kubeadm of a version asks for, in the order of its own list. Throws a `RELEASE_INVALID` for what is no version. */
export function kubeadmImages(kubernetes: string): KubeadmImage[] {
  const [, minor = '', patch] = /^(1\.\d+)\.(\d+)$/.exec(kubernetes) ?? [];
  if (patch === undefined) {
    throw new MetalK8sError(
      'RELEASE_INVALID',
      `${JSON.stringify(kubernetes)} is no version of Kubernetes, such as 1.36.3`,
    );
  }
  const tags = Object.hasOwn(ADDONS, minor) ? ADDONS[minor] : undefined;
  const known = tags?.patches.includes(Number(patch)) ? tags : undefined;
  return [
    ...COMPONENTS.map((name) => ({ repository: `registry.k8s.io/${name}`, tag: `v${kubernetes}` })),
    { repository: 'registry.k8s.io/coredns/coredns', tag: known?.coredns },
    { repository: 'registry.k8s.io/pause', tag: known?.pause },
    { repository: 'registry.k8s.io/etcd', tag: known?.etcd },
  ];
}
