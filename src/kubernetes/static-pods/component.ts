import type { ClusterNode } from '../cluster-node.ts';
import type { ClusterSettings } from '../cluster-settings.ts';
import type { EnvironmentVariable, HostPathType, Probe } from './pod.ts';

/** `--name=value` */
export interface Argument {
  readonly name: string;
  readonly value: string;
}

/** A path of the host, mounted at the same path of the container. */
export interface HostVolume {
  readonly name: string;
  readonly path: string;
  readonly type: HostPathType;
  readonly readOnly: boolean;
}

/** What kubeadm itself would write. */
export interface Baseline {
  readonly image: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** In any order: kubeadm sorts them by name. */
  readonly arguments: readonly Argument[];
  /** Sorted by name where they are declared; mounted in this order unless something is added. */
  readonly volumes: readonly HostVolume[];
  /** The port that probes ask. */
  readonly port: number;
  readonly livenessProbe: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe: Probe;
  readonly requests: Readonly<Record<string, string>>;
}

/** What we add, each with its reason. All of it is the same on every node, so that it can stand in kubeadm's ClusterConfiguration. */
export type ComponentAddition =
  | (Argument & { readonly adds: 'argument'; readonly reason: string })
  | { readonly adds: 'volume'; readonly volume: HostVolume; readonly reason: string }
  | { readonly adds: 'environment'; readonly variable: EnvironmentVariable; readonly reason: string };

/** An argument of kubeadm's that has another value on this node: kubeadm can say that only in a patch. */
export interface ArgumentReplacement extends Argument {
  readonly reason: string;
}

/** A program of the control plane that runs as kubeadm runs it, with our additions. */
export interface Component {
  /** Of the program, the container, the pod and, with `.yaml`, the manifest. */
  readonly name: string;
  baseline(node: ClusterNode): Baseline;
  additions(cluster: ClusterSettings): readonly ComponentAddition[];
  replacements?(node: ClusterNode): readonly ArgumentReplacement[];
}

/**
 * The command of a component, as kubeadm puts it together: its own arguments sorted by name, without those that are given again, then
 * what is given, in the order given; then our replacements, in place.
 */
export function commandOf(component: Component, node: ClusterNode): readonly string[] {
  const added = component.additions(node.cluster).filter((addition) => addition.adds === 'argument');
  const names = new Set(added.map(({ name }) => name));
  const own = component.baseline(node).arguments.filter(({ name }) => !names.has(name));
  const replaced = new Map(component.replacements?.(node).map(({ name, value }) => [name, value]));
  const all = [...own].sort(byName).concat(added);
  return [component.name, ...all.map(({ name, value }) => `--${name}=${replaced.get(name) ?? value}`)];
}

export function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : Number(one.name > other.name);
}
