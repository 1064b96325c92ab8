import { NATIVE_ARCHITECTURE, type RpmPackage } from '../package.ts';
import { KUBERNETES_RPM_RELEASE } from './kubernetes.ts';

/** The reference CNI plugins, as pkgs.k8s.io packages them; `plugins` is the directory that holds them. */
export function kubernetesCni(version: string, plugins: string): RpmPackage {
  return {
    name: 'kubernetes-cni',
    version,
    release: KUBERNETES_RPM_RELEASE,
    architecture: NATIVE_ARCHITECTURE,
    summary: 'Binaries required to provision kubernetes container networking',
    license: 'Apache-2.0',
    url: 'https://kubernetes.io',
    packager: 'Kubernetes Authors <dev@kubernetes.io>',
    files: [
      { kind: 'folder', path: '/opt/cni' },
      { kind: 'tree', path: '/opt/cni/bin', source: plugins },
      { kind: 'folder', path: '/etc/cni' },
      { kind: 'folder', path: '/etc/cni/net.d' },
    ],
  };
}
