import { join } from 'node:path';
import type { FileSource } from '../../file-source.ts';
import { type ImageSource, type LayerSource, NATIVE_ARCHITECTURE, PATH_VARIABLE } from '../image.ts';
import { iptablesWrapper } from '../iptables-wrapper.ts';
import { accountFiles, networkUserland } from '../network-userland.ts';

const REGISTRY = 'registry.k8s.io';

/** Where the content of the images lies. */
export interface KubernetesDirectories {
  /** The programs of the control plane, and kube-proxy. */
  readonly programs: string;
  /** Unpacked Debian packages. */
  readonly debian: string;
}

/** kube-apiserver, kube-controller-manager, kube-scheduler and kube-proxy of a version. */
export function kubernetesImages(version: string, directories: KubernetesDirectories): readonly ImageSource[] {
  const { programs, debian } = directories;
  const plain = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map((name) =>
    image(name, version, [{ files: [...accountFiles([]), program(programs, name)] }]),
  );
  const proxy = [networkUserland(debian), { files: [...iptablesWrapper(), program(programs, 'kube-proxy')] }];
  return [...plain, image('kube-proxy', version, proxy)];
}

/** No entry point: kubeadm's manifests name the program, which lies on the search path. */
function image(name: string, version: string, layers: readonly LayerSource[]): ImageSource {
  const config = { Env: [PATH_VARIABLE], Labels: labels(name, version) };
  return {
    references: [`${REGISTRY}/${name}:v${version}`],
    format: 'oci',
    indexed: false,
    variants: [{ architecture: NATIVE_ARCHITECTURE, config, layers }],
  };
}

function program(directory: string, name: string): FileSource {
  return { kind: 'file', path: `/usr/local/bin/${name}`, source: join(directory, name), mode: 0o755 };
}

function labels(title: string, version: string): Record<string, string> {
  return { 'org.opencontainers.image.title': title, 'org.opencontainers.image.version': `v${version}` };
}
