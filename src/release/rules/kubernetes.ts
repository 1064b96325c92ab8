import { fault, type RuleProblem, warning } from '../../documents/rule.ts';
import { entries } from './duplicates.ts';
import type { AskedList, ReleaseRule } from './release-rule.ts';

export const kubernetesRules: readonly ReleaseRule[] = [
  { name: 'kubernetes-of-another-product', check: kubernetesOfAnotherProduct },
  { name: 'stale-kubernetes-image', check: staleKubernetesImage },
  { name: 'stale-kubernetes-package', check: staleKubernetesPackage },
  { name: 'lacking-kubeadm-image', check: lackingKubeadmImage },
];

/** Images that carry the version of Kubernetes, and those that kubeadm has versions of its own for: `kubeadm config images list`. */
const ofKubernetes = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'];
const ofKubeadm = [...ofKubernetes, 'coredns/coredns', 'etcd', 'pause'].map((name) => `registry.k8s.io/${name}`);

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
  return imagesOf(components).flatMap(({ item: reference, path }) => {
    const name = ofKubernetes.find((one) => reference.startsWith(`registry.k8s.io/${one}:`));
    const tag = reference.split(':')[1];
    if (name === undefined || tag === `v${kubernetes}`) return [];
    return [fault(path, `must have the tag v${kubernetes}, as this release carries Kubernetes ${kubernetes}`)];
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

/** No error, since a list may be for a test of one part; a cluster cannot be made of such a disc. */
function lackingKubeadmImage({ components }: AskedList): RuleProblem[] {
  const [core] = entries(components, ['components']).filter(({ item }) => item.name === 'core');
  const images = core?.item.images ?? [];
  if (core === undefined || images.length === 0 || images.includes(undefined)) return [];
  const given = imagesOf([core.item]).map(({ item }) => item.split(':')[0]);
  const lacking = ofKubeadm.filter((name) => !given.includes(name));
  if (lacking.length === 0) return [];
  const message = `lacks ${lacking.join(', ')}, which kubeadm asks for: no cluster can be made of this disc alone`;
  return [warning([...core.path, 'images'], message)];
}

function imagesOf(components: AskedList['components']) {
  return entries(components, ['components']).flatMap(({ item, path }) => entries(item.images, [...path, 'images']));
}
