import { type CalicoDirectories, calicoImages } from './catalogue/calico.ts';
import { type AddonDirectories, kubeadmAddonImages } from './catalogue/kubeadm-addons.ts';
import { kubernetesImages } from './catalogue/kubernetes.ts';
import { type BusyboxContent, busyboxImages, nginxImage } from './catalogue/tools.ts';
import type { ImageSource } from './image.ts';

/** Versions, and where the content of the images lies. */
export interface ImageSources {
  /** Each Kubernetes version with the directory of its control-plane programs. */
  readonly kubernetes: readonly { readonly version: string; readonly controlPlane: string }[];
  readonly addons: AddonDirectories;
  readonly calico: CalicoDirectories & { readonly version: string };
  readonly busybox: BusyboxContent;
  /** Unpacked Debian packages. */
  readonly debian: string;
}

/** All images of a release. */
export function releaseImages(sources: ImageSources): readonly ImageSource[] {
  const { kubernetes, addons, calico, busybox, debian } = sources;
  const minors = [...new Set(kubernetes.map(({ version }) => version.split('.').slice(0, 2).join('.')))];
  return [
    ...kubernetes.flatMap(({ version, controlPlane }) => kubernetesImages(version, { programs: controlPlane, debian })),
    ...kubeadmAddonImages(minors, addons),
    ...calicoImages(calico.version, calico),
    nginxImage(debian),
    ...busyboxImages(busybox),
  ];
}
