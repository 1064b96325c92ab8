import { kubeadmImages } from '../kubernetes/kubeadm-images.ts';
import type { ImageNeeds } from './missing-images.ts';
import type { NamedImage } from './named-image.ts';
import type { Release } from './release.ts';

/** What a release needs of its disc: what its files name; and what kubeadm asks for by itself, when the disc brings kubeadm. */
export function imageNeeds({ kubernetes, components }: Release, named: readonly NamedImage[]): ImageNeeds {
  const bringsKubeadm = components.some(({ packages }) => packages.some(({ name }) => name === 'kubeadm'));
  return { named, kubeadm: { version: kubernetes, images: bringsKubeadm ? kubeadmImages(kubernetes) : [] } };
}
