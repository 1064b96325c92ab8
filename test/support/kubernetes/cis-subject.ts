import { parse } from 'yaml';
import type { CisFile, CisProgram, CisSubject } from '../../../src/kubernetes/cis/check.ts';
import type { ClusterNode } from '../../../src/kubernetes/cluster-node.ts';
import { KUBELET_CONFIGURATION_FILE } from '../../../src/kubernetes/kubelet/kubelet-files.ts';
import { nodeFiles } from '../../../src/kubernetes/node-files.ts';
import { kubeProxyConfiguration } from '../../../src/kubernetes/objects/kube-proxy-configuration.ts';
import { pkiSpecifications } from '../../../src/kubernetes/pki/pki-specifications.ts';
import type { FileSpecification, PkiSpecification } from '../../../src/kubernetes/pki/specification.ts';
import { componentsOf } from '../../../src/kubernetes/static-pods/components.ts';
import { nodeTemplates } from '../../../src/product/node-templates.ts';

const templates = await nodeTemplates();

/** What the benchmark would find on a node with exactly the files that we render and issue. */
export function renderedSubject(node: ClusterNode): CisSubject {
  const { directories, files, manifests } = nodeFiles(node, templates, '');
  const issued = pkiSpecifications(node, node.cluster.secretsEncryption).flatMap(filesOf);
  const all = [...files, ...manifests, ...issued].map(({ path, mode }): [string, CisFile] => {
    return [path, { mode, user: 'root', group: 'root' }];
  });
  const text = (path: string) => [...files, ...manifests].find((file) => file.path === path)?.content ?? '';
  const commands = componentsOf(node).map(({ name }): [CisProgram, string[]] => {
    const pod = parse(text(`/etc/kubernetes/manifests/${name}.yaml`));
    return [name as CisProgram, pod.spec.containers[0].command];
  });
  const flags = /"(.*)"/.exec(text('/var/lib/kubelet/kubeadm-flags.env'))?.[1]?.split(' ') ?? [];
  return {
    files: new Map([...directories.map(({ path, ...file }): [string, CisFile] => [path, file]), ...all]),
    commands: { ...Object.fromEntries(commands), kubelet: ['/usr/bin/kubelet', ...flags] },
    kubelet: parse(text(KUBELET_CONFIGURATION_FILE)),
    kubeProxy: kubeProxyConfiguration(node.cluster),
  };
}

function filesOf(one: PkiSpecification): readonly FileSpecification[] {
  if (one.kind === 'key-pair') return [one.privateKey, one.publicKey];
  if ('file' in one) return [one.file];
  return one.key === undefined ? [one.certificate] : [one.certificate, one.key];
}
