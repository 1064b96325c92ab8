import type { ComponentRecipe, KubernetesPart } from '../component.ts';
import type { PinnedModule } from '../go-module.ts';
import { type GoProgram, goPrograms } from '../go-programs.ts';

/** All programs built from Kubernetes' own module. */
const KUBERNETES_PROGRAMS: Readonly<Record<KubernetesPart, readonly string[]>> = {
  kubeadm: ['kubeadm'],
  'kubernetes-node': ['kubelet', 'kubectl'],
  'kubernetes-control-plane': ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'],
};

const USUAL_SECONDS: Readonly<Record<KubernetesPart, number>> = {
  kubeadm: 110,
  'kubernetes-node': 120,
  'kubernetes-control-plane': 120,
};

/** A part of Kubernetes in a version such as `1.36.3`, built with the tags of an upstream release. */
export function kubernetesPart(name: KubernetesPart, version: string): ComponentRecipe {
  return goPrograms({
    name,
    version,
    module: `kubernetes/${version}`,
    programs: KUBERNETES_PROGRAMS[name].map((file) => program(file, version)),
    tags: ['selinux', 'notest', 'grpcnotrace'],
    variables: versionVariables(version),
    usualSeconds: USUAL_SECONDS[name],
  });
}

/**
 * What component-base and client-go print as their version, after kube::version::ldflags of Kubernetes' hack/lib/version.sh.
 * The module proxy does not tell the commit, so it stays empty, which client-go reports as "unknown", and the state
 * of the tree is "archive", upstream's word for a source that is no git work tree.
 */
export function versionVariables(version: string): Record<string, string> {
  const [major = '', minor = ''] = version.split('.');
  const values = {
    gitVersion: `v${version}`,
    gitMajor: major,
    gitMinor: minor,
    gitCommit: '',
    gitTreeState: 'archive',
  };
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    variables[`k8s.io/client-go/pkg/version.${name}`] = value;
    variables[`k8s.io/component-base/version.${name}`] = value;
  }
  return variables;
}

function program(file: string, version: string): GoProgram {
  const says = `v${version}`;
  const main = `k8s.io/kubernetes/cmd/${file}`;
  if (file === 'kubeadm') return { file, package: main, versionArguments: ['version', '-o', 'short'], says };
  if (file === 'kubectl') return { file, package: main, versionArguments: ['version', '--client'], says };
  return { file, package: main, versionArguments: ['--version'], says };
}

/** What pins all Kubernetes programs of a version, as one module: the parts then share what is compiled. */
export function kubernetesModule(version: string): PinnedModule {
  const files = Object.values(KUBERNETES_PROGRAMS).flat();
  return {
    folder: `kubernetes/${version}`,
    packages: files.map((file) => program(file, version).package),
    requires: [{ path: 'k8s.io/kubernetes', version: `v${version}` }],
  };
}
