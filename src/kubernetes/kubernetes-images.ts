import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { parseReference } from '../registry/reference.ts';
import type { LockedImage } from '../release/lock.ts';

/** Images of static pods and of what kubeadm deploys. What kubeadm runs has kubeadm's tags; what is ours has a digest. */
export interface KubernetesImages {
  /** kubeadm's `imageRepository`. */
  readonly repository: string;
  readonly apiserver: string;
  readonly controllerManager: string;
  readonly scheduler: string;
  readonly etcd: string;
  readonly kubeProxy: string;
  readonly coredns: string;
  /** Of pods' sandboxes. */
  readonly pause: string;
  /** Of the registry and of apiserver-proxy, by digest. */
  readonly nginx: string;
}

const REPOSITORY = 'registry.k8s.io';

type Image = Pick<LockedImage, 'reference' | 'digest'>;

/**
 * Finds the images of Kubernetes itself in a release, for a Kubernetes version without `v`.
 * Throws a `RELEASE_INVALID` that names the image when the release has it not, more than once, or with another version.
 */
export function kubernetesImages(images: readonly Image[], version: string): KubernetesImages {
  const ofKubernetes = (name: string) => the(images, `${REPOSITORY}/${name}`, `v${version}`).reference;
  const nginx = the(images, 'docker.io/library/nginx');
  return {
    repository: REPOSITORY,
    apiserver: ofKubernetes('kube-apiserver'),
    controllerManager: ofKubernetes('kube-controller-manager'),
    scheduler: ofKubernetes('kube-scheduler'),
    etcd: the(images, `${REPOSITORY}/etcd`).reference,
    kubeProxy: ofKubernetes('kube-proxy'),
    coredns: the(images, `${REPOSITORY}/coredns/coredns`).reference,
    pause: the(images, `${REPOSITORY}/pause`).reference,
    nginx: `docker.io/library/nginx@${nginx.digest}`,
  };
}

function the(images: readonly Image[], name: string, tag?: string): Image {
  const [found, ...others] = images.filter(({ reference }) => {
    const parsed = parseReference(reference, 'the lock of the release');
    return `${parsed.host}/${parsed.name}` === name && (tag === undefined || parsed.tag === tag);
  });
  if (found !== undefined && others.length === 0) return found;
  const what = tag === undefined ? name : `${name}:${tag}`;
  const count = found === undefined ? 'has no image' : 'has more than one image';
  throw new MetalK8sError('RELEASE_INVALID', `The release ${count} ${what}`, {
    hint: 'Every cluster needs exactly one: mend the release list and build the disc again.',
  });
}
