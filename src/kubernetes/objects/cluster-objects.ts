import type { EffectiveConfiguration } from '../../config/configuration.types.ts';
import type { ClusterSettings } from '../cluster-settings.ts';
import type { NodeTemplates } from '../node-files.ts';
import { administrators, apiserverAtKubelets } from './administrators.ts';
import type { ApiObject, ClusterObject } from './api-object.ts';
import { apiserverProxyObjects } from './apiserver-proxy-objects.ts';
import { bootstrapTokenRights } from './bootstrap-token-rights.ts';
import { clusterInfo, clusterInfoReaders } from './cluster-info.ts';
import { coreDnsObjects } from './core-dns-objects.ts';
import { kubeProxyObjects } from './kube-proxy-objects.ts';
import { kubeadmConfiguration, kubeletConfigurationObjects } from './kubeadm-configuration.ts';
import { systemPolicies } from './network-policies.ts';
import { configurationObject, ownNamespace } from './own-namespace.ts';

/**
 * Every object of a cluster but Nodes, tokens and components, in the order in which they are written: kubeadm's own order, with what
 * others refer to before them. `configuration`: what `cluster` was made from.
 */
export function clusterObjects(
  cluster: ClusterSettings,
  configuration: EffectiveConfiguration,
  templates: Pick<NodeTemplates, 'apiserverProxy'>,
): readonly ClusterObject[] {
  return [
    ...applied([administrators(), ...ownNamespace()]),
    configurationObject(configuration),
    ...applied([
      ...kubeadmConfiguration(cluster),
      ...kubeletConfigurationObjects(cluster),
      ...bootstrapTokenRights(),
      ...apiserverAtKubelets(cluster),
    ]),
    clusterInfo(cluster),
    ...applied([
      ...clusterInfoReaders(),
      ...systemPolicies(configuration.networks),
      ...apiserverProxyObjects(cluster, templates.apiserverProxy),
      ...coreDnsObjects(cluster),
      ...kubeProxyObjects(cluster),
    ]),
  ];
}

function applied(objects: readonly ApiObject[]): readonly ClusterObject[] {
  return objects.map((object) => ({ object, write: 'apply', files: [] }));
}
