import type { BinaryComponent, ComponentRecipe } from './component.ts';
import { calico } from './recipes/calico.ts';
import { cniPlugins } from './recipes/cni-plugins.ts';
import { containerd } from './recipes/containerd.ts';
import { coredns } from './recipes/coredns.ts';
import { criTools } from './recipes/cri-tools.ts';
import { etcd } from './recipes/etcd.ts';
import { kubernetesPart } from './recipes/kubernetes.ts';
import { pause } from './recipes/pause.ts';
import { salt } from './recipes/salt.ts';

/** All components, in an order in which the longest builds come first. */
export const COMPONENT_NAMES: readonly BinaryComponent['name'][] = [
  'kubernetes-node',
  'kubernetes-control-plane',
  'kubeadm',
  'calico',
  'coredns',
  'containerd',
  'etcd',
  'cri-tools',
  'cni-plugins',
  'pause',
  'salt',
];

/** The component of a name that a person typed; those of Kubernetes get the version. */
export function componentNamed(name: string, kubernetes: string): BinaryComponent {
  if (!isComponentName(name)) throw new Error(`no component ${name}: there are ${COMPONENT_NAMES.join(', ')}`);
  switch (name) {
    case 'kubeadm':
    case 'kubernetes-node':
    case 'kubernetes-control-plane':
      return { name, version: kubernetes };
    default:
      return { name };
  }
}

/** The recipe of a component. */
export function recipeFor(component: BinaryComponent): ComponentRecipe {
  switch (component.name) {
    case 'kubeadm':
    case 'kubernetes-node':
    case 'kubernetes-control-plane':
      return kubernetesPart(component.name, component.version);
    case 'calico':
      return calico();
    case 'cni-plugins':
      return cniPlugins();
    case 'containerd':
      return containerd();
    case 'coredns':
      return coredns();
    case 'cri-tools':
      return criTools();
    case 'etcd':
      return etcd();
    case 'pause':
      return pause();
    case 'salt':
      return salt();
  }
}

function isComponentName(name: string): name is BinaryComponent['name'] {
  return (COMPONENT_NAMES as readonly string[]).includes(name);
}
