import { parse } from 'yaml';
import type { ClusterNode } from '../../../src/kubernetes/cluster-node.ts';
import type { KubeletAddition } from '../../../src/kubernetes/kubelet/kubelet-configuration.ts';
import { kubeletFlagAdditions } from '../../../src/kubernetes/kubelet/kubelet-flags.ts';
import { renderYaml } from '../../../src/kubernetes/render-yaml.ts';
import type { Argument, Component } from '../../../src/kubernetes/static-pods/component.ts';

/** A manifest that we rendered, once each listed addition is taken out of it: what is left has to be kubeadm's, to the byte. */
export function manifestWithoutAdditions(text: string, component: Component, node: ClusterNode): string {
  const pod = parse(text);
  const [container] = pod.spec.containers;
  for (const addition of component.additions(node.cluster)) {
    if (addition.adds === 'argument') {
      container.command = remove(container.command, `--${addition.name}=${addition.value}`);
      const own = component.baseline(node).arguments.find(({ name }) => name === addition.name);
      if (own) container.command = putBack(container.command, own);
    } else if (addition.adds === 'environment') {
      container.env = removeNamed(container.env, addition.variable.name);
    } else {
      container.volumeMounts = removeNamed(container.volumeMounts, addition.volume.name);
      pod.spec.volumes = removeNamed(pod.spec.volumes, addition.volume.name);
    }
  }
  if (container.env?.length === 0) delete container.env;
  return renderYaml(pod);
}

/** The same of a configuration of the kubelet. */
export function kubeletWithoutAdditions(text: string, additions: readonly KubeletAddition[]): string {
  const fields = parse(text);
  for (const { field, value } of additions) {
    const path = field.split('.');
    const last = path.pop() ?? '';
    const parent = path.reduce((object, name) => object[name], fields);
    if (JSON.stringify(parent[last]) !== JSON.stringify(value)) throw new Error(`${field} is not as it is listed`);
    if (field === 'logging.verbosity') parent[last] = 0;
    else delete parent[last];
  }
  return renderYaml(fields);
}

/** The same of the kubelet's flags. */
export function flagsWithoutAdditions(text: string, node: ClusterNode): string {
  const flags = /^KUBELET_KUBEADM_ARGS="(.*)"\n$/.exec(text)?.[1]?.split(' ') ?? [];
  const left = kubeletFlagAdditions(node).reduce((rest, { name, value }) => remove(rest, `--${name}=${value}`), flags);
  return `KUBELET_KUBEADM_ARGS="${left.join(' ')}"\n`;
}

/** An argument of kubeadm's that we gave another value goes where kubeadm has it, by its name. */
function putBack(command: readonly string[], { name, value }: Argument): string[] {
  const later = command.findIndex((argument, index) => index > 0 && (argument.split('=')[0] ?? '') > `--${name}`);
  return command.toSpliced(later < 0 ? command.length : later, 0, `--${name}=${value}`);
}

/** Throws when it is not there once: an addition that is listed has to be in what is rendered. */
function remove(list: readonly string[], item: string): string[] {
  const left = list.filter((one) => one !== item);
  if (left.length !== list.length - 1) throw new Error(`${item} is there ${list.length - left.length} times`);
  return left;
}

function removeNamed<Item extends { name: string }>(list: readonly Item[], name: string): Item[] {
  const left = list.filter((one) => one.name !== name);
  if (left.length !== list.length - 1) throw new Error(`${name} is there ${list.length - left.length} times`);
  return left;
}
