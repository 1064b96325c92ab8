import { posix } from 'node:path';
import type { Template } from '../templates/fill.ts';
import type { ClusterNode } from './cluster-node.ts';
import { apiserverFiles } from './control-plane/apiserver-files.ts';
import { AUDIT_LOG_DIRECTORY } from './control-plane/audit-policy.ts';
import { kubeadmPatches, PATCHES_DIRECTORY } from './kubeadm/kubeadm-patches.ts';
import { KUBELET_DIRECTORY, kubeletFiles } from './kubelet/kubelet-files.ts';
import { KUBELET_DROP_INS } from './kubelet/kubelet-flags.ts';
import type { NodeDirectory, NodeFile } from './node-file.ts';
import { PKI_DIRECTORY } from './pki/authorities.ts';
import { renderYaml } from './render-yaml.ts';
import { rootFile } from './root-file.ts';
import { apiserverProxyConfiguration, apiserverProxyPod } from './static-pods/apiserver-proxy.ts';
import { componentPod } from './static-pods/component-pod.ts';
import { componentsOf } from './static-pods/components.ts';
import { MANIFESTS_DIRECTORY, type Pod } from './static-pods/pod.ts';
import { registryConfigurationFile, registryPod } from './static-pods/registry.ts';

/** The texts of templates/ that a node's files are made from. */
export interface NodeTemplates {
  /** templates/nginx/apiserver-proxy.conf */
  readonly apiserverProxy: Template;
  /** templates/systemd/10-kubeadm.conf */
  readonly kubeletDropIn: Template;
}

/** Everything of a node's that Kubernetes reads and that is no secret; keys, certificates and kubeconfigs are `pkiSpecifications`. */
export interface NodeFiles {
  readonly directories: readonly NodeDirectory[];
  /** What has to be there before the manifests. */
  readonly files: readonly NodeFile[];
  /** Static pods: the kubelet runs each as soon as it is there. */
  readonly manifests: readonly NodeFile[];
}

/**
 * The files of a node, in their final bytes. `registry`: the registry's nginx configuration, made for `registryServer(node)`; only
 * control planes have one. Throws an `INTERNAL` for a template that does not fit, or a node that lacks what its roles need.
 */
export function nodeFiles(node: ClusterNode, templates: NodeTemplates, registry: string): NodeFiles {
  const proxy = apiserverProxyConfiguration(node, templates.apiserverProxy);
  const registryFiles = node.roles.includes('control-plane') ? [registryConfigurationFile(registry)] : [];
  const pods = [
    ...registryFiles.map((file) => registryPod(node, file)),
    apiserverProxyPod(node, proxy),
    ...componentsOf(node).map((component) => componentPod(component, node)),
  ];
  return {
    directories: nodeDirectories(node),
    files: [
      ...kubeletFiles(node, templates.kubeletDropIn),
      proxy,
      ...registryFiles,
      ...(node.roles.includes('control-plane') ? apiserverFiles() : []),
      ...kubeadmPatches(node),
    ],
    manifests: pods.map(manifest),
  };
}

function manifest(pod: Pod): NodeFile {
  return { ...rootFile(`${MANIFESTS_DIRECTORY}/${pod.metadata.name}.yaml`), content: renderYaml(pod) };
}

/** Parents stand before what is in them. */
function nodeDirectories({ roles, cluster }: ClusterNode): readonly NodeDirectory[] {
  const roots = (path: string, mode = 0o755): NodeDirectory => ({ path, mode, user: 'root', group: 'root' });
  return [
    roots('/etc/kubernetes'),
    roots(MANIFESTS_DIRECTORY, 0o700),
    roots(PATCHES_DIRECTORY, 0o700),
    roots(KUBELET_DROP_INS, 0o700),
    roots(PKI_DIRECTORY),
    ...(roles.includes('etcd') || roles.includes('control-plane') ? [roots(`${PKI_DIRECTORY}/etcd`)] : []),
    roots(KUBELET_DIRECTORY, 0o700),
    ...(roles.includes('control-plane')
      ? [roots(posix.dirname(AUDIT_LOG_DIRECTORY)), roots(AUDIT_LOG_DIRECTORY, 0o700)]
      : []),
    // etcd itself runs as root, as kubeadm runs it; the benchmark wants the data to belong to somebody who can do nothing else.
    ...(roles.includes('etcd') ? [{ path: cluster.etcdDataDirectory, mode: 0o700, user: 'etcd', group: 'etcd' }] : []),
  ];
}
