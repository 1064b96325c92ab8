import type { Report } from '../cache.ts';

/** The parts of Kubernetes, each a directory of programs of its own. */
export type KubernetesPart = 'kubeadm' | 'kubernetes-node' | 'kubernetes-control-plane';

/** Components that every test release has in one version, whatever its Kubernetes. */
export type SingleComponent =
  | 'etcd'
  | 'coredns'
  | 'cni-plugins'
  | 'containerd'
  | 'cri-tools'
  | 'calico'
  | 'pause'
  | 'salt';

/** What can be asked of `binaries`: Kubernetes parts in a version such as `1.36.3`, the rest in the version served. */
export type BinaryComponent =
  | { readonly name: KubernetesPart; readonly version: string }
  | { readonly name: SingleComponent };

/** One program of a component, and how it says which version it is. */
export interface Program {
  /** Path inside the component's directory. */
  readonly file: string;
  /** Arguments with which it tells its version and does nothing else; absent when there are none. */
  readonly versionArguments?: readonly string[];
  /** Part of what it then prints, on stdout or stderr. */
  readonly says: string;
}

/** How the directory of one component is made. */
export interface ComponentRecipe {
  readonly name: string;
  readonly version: string;
  readonly programs: readonly Program[];
  /** How long `make` takes on two cores with nothing cached but the toolchain. */
  readonly usualSeconds: number;
  /** Recipes of one turn are made one after another, and few turns at once; one without a turn waits for nothing. */
  readonly turn?: string;
  /** Plain data that the result depends on. */
  inputs(report: Report): Promise<unknown>;
  /** Fills an empty directory. */
  make(directory: string, report: Report): Promise<void>;
}
