import { fault, type RuleProblem, warning } from '../../documents/rule.ts';
import { kubeadmImages } from '../../kubernetes/kubeadm-images.ts';
import { entries } from './duplicates.ts';
import type { AskedList, ReleaseRule } from './release-rule.ts';

export const kubernetesRules: readonly ReleaseRule[] = [
  { name: 'kubernetes-of-another-product', check: kubernetesOfAnotherProduct },
  { name: 'stale-kubernetes-image', check: staleKubernetesImage },
  { name: 'stale-kubernetes-package', check: staleKubernetesPackage },
  { name: 'lacking-kubeadm-image', check: lackingKubeadmImage },
];

/** Packages that carry the version of Kubernetes. */
const packagesOfKubernetes = ['kubeadm', 'kubectl', 'kubelet'];

function kubernetesOfAnotherProduct({ version, kubernetes }: AskedList): RuleProblem[] {
  if (version === undefined || kubernetes === undefined) return [];
  const carried = `1.${Number(version.slice(1).split('.')[0])}`;
  if (kubernetes.startsWith(`${carried}.`)) return [];
  const minor = kubernetes.split('.')[1]?.padStart(2, '0');
  const message = `${kubernetes} does not go with product version ${version}, which carries Kubernetes ${carried}: the product version is 1${minor} and two numbers of yours`;
  return [{ paths: [['kubernetes'], ['version']], message }];
}

function staleKubernetesImage({ kubernetes, components }: AskedList): RuleProblem[] {
  if (kubernetes === undefined) return [];
  const tag = `v${kubernetes}`;
  const ofKubernetes = kubeadmImages(kubernetes).filter((image) => image.tag === tag);
  return imagesOf(components).flatMap(({ item: reference, path }) => {
    const stale = ofKubernetes.some(
      ({ repository }) => isOf(repository, reference) && reference !== `${repository}:${tag}`,
    );
    return stale ? [fault(path, `must have the tag ${tag}, as this release carries Kubernetes ${kubernetes}`)] : [];
  });
}

function staleKubernetesPackage({ kubernetes, components }: AskedList): RuleProblem[] {
  if (kubernetes === undefined) return [];
  return entries(components, ['components'])
    .flatMap(({ item, path }) => entries(item.packages, [...path, 'packages']))
    .flatMap(({ item: { name, version }, path }) => {
      if (!packagesOfKubernetes.includes(name ?? '') || version === undefined || version === kubernetes) return [];
      return [fault([...path, 'version'], `must be ${kubernetes}, as this release carries Kubernetes ${kubernetes}`)];
    });
}

/** No error, since a list may be for one part of a release. Another tag of Kubernetes' own images is told as stale. */
function lackingKubeadmImage({ kubernetes, components }: AskedList): RuleProblem[] {
  const [core] = entries(components, ['components']).filter(({ item }) => item.name === 'core');
  const images = core?.item.images ?? [];
  if (kubernetes === undefined || core === undefined || images.length === 0 || images.includes(undefined)) return [];
  const lacking = kubeadmImages(kubernetes).flatMap(({ repository, tag }) => {
    const anyTag = tag === undefined || tag === `v${kubernetes}`;
    const is = (image: string) => (anyTag ? isOf(repository, image) : image === `${repository}:${tag}`);
    return images.some((image) => image !== undefined && is(image))
      ? []
      : [tag === undefined ? repository : `${repository}:${tag}`];
  });
  if (lacking.length === 0) return [];
  const message = `lacks ${lacking.join(', ')}, which kubeadm ${kubernetes} asks for: no cluster can be made of this disc alone`;
  return [warning([...core.path, 'images'], message)];
}

function isOf(repository: string, reference: string): boolean {
  return reference.startsWith(`${repository}:`);
}

function imagesOf(components: AskedList['components']) {
  return entries(components, ['components']).flatMap(({ item, path }) => entries(item.images, [...path, 'images']));
}
