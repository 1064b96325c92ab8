import type { ClusterNode } from '../kubernetes/cluster-node.ts';
import type { Proxies } from '../kubernetes/containerd/containerd-files.ts';
import type { NodeFiles } from '../kubernetes/node-files.ts';
import type { HostRepository } from '../packages/render-repository-file.ts';
import type { RegistryClient } from '../registry/hosts-toml.ts';
import type { Template } from '../templates/fill.ts';
import type { NodeArchive } from './archive-mounts.ts';

/** All that a node's Salt runs follow from. */
export interface SaltNode {
  readonly node: ClusterNode;
  /** `nodeFiles(node, …)` */
  readonly files: NodeFiles;
  /** Those of the disc that this node has; empty where it gets everything from others. */
  readonly archives: readonly NodeArchive[];
  /** Of every archive; the one with `version` is what packages are installed from. */
  readonly repositories: readonly HostRepository[];
  /** Product version that the node is to have. */
  readonly version: string;
  readonly packages: readonly NodePackage[];
  /** Hosts of registries that the release has images of. */
  readonly registryHosts: readonly string[];
  readonly registry: RegistryClient;
  readonly proxies: Proxies;
  /** Whose interfaces other services of the host leave alone. */
  readonly cni: 'calico' | 'none';
}

/** A package that a node has to have. */
export interface NodePackage {
  readonly name: string;
  /** Version and release, with the epoch in front where there is one. Without, any version will do, so that the vendor's stays. */
  readonly version?: string;
}

/** The texts of templates/ that a node's own files are made from. */
export interface SaltTemplates {
  /** templates/containerd/config.toml */
  readonly containerd: Template;
  /** templates/systemd/archive.mount */
  readonly archiveMount: Template;
  /** templates/host/metalk8s.sh */
  readonly command: Template;
}
