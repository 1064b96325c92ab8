import type { EffectiveConfiguration } from '../config/configuration.types.ts';
import type { ClusterNode } from '../kubernetes/cluster-node.ts';
import { listeners } from '../kubernetes/listeners.ts';
import { type NodeTemplates, nodeFiles } from '../kubernetes/node-files.ts';
import { PKI_DIRECTORY } from '../kubernetes/pki/authorities.ts';
import { registryServer } from '../kubernetes/static-pods/registry.ts';
import type { HostRepository } from '../packages/render-repository-file.ts';
import type { Archive as ServedArchive } from '../registry/merge-archives.ts';
import { type RegistryTemplates, registryConfiguration } from '../registry/nginx-configuration.ts';
import type { NodeArchive } from '../salt/archive-mounts.ts';
import type { NodePackage, SaltTemplates } from '../salt/salt-node.ts';
import { type SaltRun, saltRun } from '../salt/salt-run.ts';
import { notProxied } from './not-proxied.ts';

/** Everything that files of nodes are made from which is text. */
export interface PlanTemplates {
  readonly node: NodeTemplates;
  readonly registry: RegistryTemplates;
  readonly salt: SaltTemplates;
}

/** What a node has to do with archives. */
export interface NodeSupply {
  readonly configuration: EffectiveConfiguration;
  /** Product version that the node is to have. */
  readonly version: string;
  /** Those that lie on the node. */
  readonly archives: readonly NodeArchive[];
  readonly repositories: readonly HostRepository[];
  readonly packages: readonly NodePackage[];
  /** What registries of the cluster serve, newest first. */
  readonly served: readonly ServedArchive[];
}

/** Everything that is to stand on a node but secrets. */
export interface PlannedNode {
  readonly node: ClusterNode;
  readonly salt: SaltRun;
}

/** Renders all files of a node. A control plane asks its own registry first. */
export function plannedNode(node: ClusterNode, supply: NodeSupply, templates: PlanTemplates): PlannedNode {
  const { configuration, served, ...rest } = supply;
  const isControlPlane = node.roles.includes('control-plane');
  const registry = isControlPlane
    ? registryConfiguration(served, registryServer(node), templates.registry).nginx
    : 'none';
  const { no_proxy, ...proxies } = configuration.proxies;
  const salt = saltRun(
    {
      ...rest,
      node,
      files: nodeFiles(node, templates.node, registry),
      registryHosts: served.flatMap(({ catalogue }) => catalogue.repositories.map(({ host }) => host)),
      registry: { endpoints: registries(node).map(registryUrl), ca: `${PKI_DIRECTORY}/ca.crt` },
      proxies: { ...proxies, notProxied: notProxied(configuration) },
      cni: configuration.networks.cni,
    },
    templates.salt,
  );
  return { node, salt };
}

/** `https://ADDRESS:PORT` of a control plane's registry. */
export function registryUrl(address: string): string {
  return `https://${address}:${listeners.registry.port}`;
}

function registries({ advertiseAddress, roles, cluster }: ClusterNode): readonly string[] {
  const own = roles.includes('control-plane') ? [advertiseAddress] : [];
  return [...new Set([...own, ...cluster.controlPlaneAddresses])];
}
